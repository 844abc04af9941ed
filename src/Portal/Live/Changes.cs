using System.Collections.Concurrent;
using System.Globalization;

namespace Portal.Live;

/// <summary>
/// Fan-out inside one process: tells open pages and workers that a request changed. What changed is read from the database;
/// a change is a doorbell, not a letter.
/// </summary>
public sealed class Changes(ILogger<Changes> log)
{
    readonly ConcurrentDictionary<long, Subscriber> subscribers = new();
    long last;

    /// <summary>
    /// Calls back when the request (or, with null, any request) changes, until disposed. Subscribe before the first read:
    /// a change in between is then seen twice rather than never. The callback runs in the language of who subscribes.
    /// </summary>
    public IDisposable Subscribe(Guid? request, Func<Task> callback)
    {
        var key = Interlocked.Increment(ref last);
        subscribers[key] = new Subscriber(request, callback, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        return new Subscription(() => subscribers.TryRemove(key, out _));
    }

    /// <summary>Announces a change of one request, with the empty id of something else, or with null "anything may have changed" (after a lost connection).</summary>
    public void Announce(Guid? request)
    {
        // A snapshot, so that a callback may unsubscribe; each on its own task, so that a slow page delays nobody.
        foreach (var (_, subscriber) in subscribers.ToArray())
        {
            if (request is null || subscriber.Request is null || subscriber.Request == request)
            {
                _ = RunAsync(subscriber);
            }
        }
    }

    async Task RunAsync(Subscriber subscriber)
    {
        try
        {
            await Task.Run(() =>
            {
                (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (subscriber.Culture, subscriber.Words);
                return subscriber.Callback();
            });
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            log.LogWarning(failure, "A subscriber of changes failed");
        }
    }

    sealed record Subscriber(Guid? Request, Func<Task> Callback, CultureInfo Culture, CultureInfo Words);

    sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
