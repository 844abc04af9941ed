using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using Portal.Dispatch;
using Portal.Live;
using Portal.Requests;

namespace Portal.Bench;

/// <summary>From the approval to the call on the wire, and from the answer to an open page that shows it: one request after the other.</summary>
static class LatencyLine
{
    const int WarmUp = 300;
    const int Count = 300;

    public static async Task RunAsync(Bench bench)
    {
        var services = bench.Node.Services;
        await bench.ExecuteAsync("update portal.request_item set due_at = null where state in ('Observing', 'Unknown')");
        var feed = services.GetServices<IHostedService>().OfType<ChangeFeed>().Single();
        await feed.StartAsync(CancellationToken.None);
        var options = Options.Create(new DispatchOptions { Concurrency = 16, PollSeconds = 1 });
        using var worker = ActivatorUtilities.CreateInstance<DispatchWorker>(services, options);
        await worker.StartAsync(CancellationToken.None);

        List<double> toWire = [];
        List<double> toPage = [];
        for (var number = 0; number < WarmUp + Count; number++)
        {
            var request = await Wishes.SubmitAsync(services, "latency", number);
            await using var page = await OpenPage.ShowAsync(services, request.Id);
            await Wishes.ApproveAsync(services, request);
            var shown = await page.Shown.WaitAsync(TimeSpan.FromSeconds(30));
            var path = bench.Cloud.Writes.Single(write => write.Key.EndsWith($"latency$r{number}/sync_repo", StringComparison.Ordinal)).Value;

            // Written by the database just before the commit: the commit itself counts as waiting.
            var approved = await bench.ValueAsync<DateTime>($"select at from audit.event where request_id = '{request.Id}' and kind = 'approval.granted'");
            if (number >= WarmUp)
            {
                toWire.Add((path.Came - approved).TotalMilliseconds);
                toPage.Add((shown - path.Answered).TotalMilliseconds);
            }
        }

        await worker.StopAsync(CancellationToken.None);
        await feed.StopAsync(CancellationToken.None);
        bench.Results.AtMost("approval to wire, median", Percentile(toWire, 0.5), 20, "limit", "ms", 1);
        bench.Results.AtMost("approval to wire, p99", Percentile(toWire, 0.99), 100, "limit", "ms", 1);
        bench.Results.AtMost("answer to open page, p95", Percentile(toPage, 0.95), 300, "limit", "ms", 1);
    }

    static double Percentile(List<double> values, double part)
    {
        values.Sort();
        return values[(int)Math.Min(values.Count - 1, Math.Ceiling(values.Count * part))];
    }

    /// <summary>A page of the portal's own live kind, rendered on the server as for a browser, that notes when it shows an accepted item.</summary>
    sealed class OpenPage : IAsyncDisposable
    {
        static readonly ConcurrentDictionary<Guid, TaskCompletionSource<DateTime>> Waiting = new();

        readonly HtmlRenderer renderer;
        readonly Guid id;

        OpenPage(HtmlRenderer renderer, Guid id) => (this.renderer, this.id) = (renderer, id);

        public Task<DateTime> Shown => Waiting[id].Task;

        public static async Task<OpenPage> ShowAsync(IServiceProvider services, Guid id)
        {
            Waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
            await renderer.Dispatcher.InvokeAsync(() =>
                renderer.RenderComponentAsync<Page>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Page.Id)] = id })));
            return new OpenPage(renderer, id);
        }

        public async ValueTask DisposeAsync()
        {
            Waiting.TryRemove(id, out _);
            await renderer.DisposeAsync();
        }

        sealed class Page : LivePage
        {
            [Parameter] public Guid Id { get; set; }

            [Inject] public required RequestReader Reader { get; init; }

            protected override Guid? Watched => Id;

            protected override async Task LoadAsync(CancellationToken token)
            {
                var detail = (await Reader.FindAsync(Id, Wishes.Approver, token)).Value;
                await Reader.AttemptsAsync(Id, 50, Wishes.Approver, token);
                if (detail.Request.Items[0].Sent == SentLight.Accepted && Waiting.TryGetValue(Id, out var shown))
                {
                    shown.TrySetResult(TimeProvider.System.GetUtcNow().UtcDateTime);
                }
            }
        }
    }
}
