namespace Portal.Huawei;

/// <summary>
/// Project ids by region, for the header X-Project-Id. Looked up once; a look-up that failed is left alone for five minutes, because
/// the header is only useful, not necessary.
/// </summary>
sealed class Projects(Func<string, Task<Answer>> find, TimeProvider clock)
{
    static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    readonly Lock _lock = new();
    readonly Dictionary<string, Lookup> _lookups = [];

    /// <summary>The region's project, or null when it cannot be had.</summary>
    public async Task<string?> IdOfAsync(string region, CancellationToken token)
    {
        Lookup current;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (!_lookups.TryGetValue(region, out current!) || current.HasFailed && now - current.AskedAt >= Rest)
            {
                _lookups[region] = current = new Lookup { AskedAt = now };
                current.Done = FindAsync(region, current);
            }
        }

        // A look-up that broke in a way nobody thought of is as good as one that found nothing.
        await current.Done.WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
        return current.Id;
    }

    async Task FindAsync(string region, Lookup current)
    {
        // Leave the lock before the first byte moves.
        await Task.Yield();
        current.Id = Iam.ReadProjectId(await find(region));
    }

    sealed class Lookup
    {
        public required DateTimeOffset AskedAt { get; init; }
        public Task Done { get; set; } = Task.CompletedTask;
        public string? Id { get; set; }

        public bool HasFailed => Done.IsCompleted && Id is null;
    }
}
