namespace Portal.Dispatch;

/// <summary>How much may be under way at a time on this node.</summary>
sealed class Slots(int count) : IDisposable
{
    readonly SemaphoreSlim free = new(count, count);

    /// <summary>Waits for a free slot, then takes all that are free, at most so many.</summary>
    public async Task<int> TakeAsync(int most, CancellationToken token)
    {
        await free.WaitAsync(token);
        var taken = 1;
        while (taken < most && await free.WaitAsync(0, CancellationToken.None))
        {
            taken++;
        }

        return taken;
    }

    /// <summary>Gives slots back.</summary>
    public void Release(int slots)
    {
        if (slots > 0)
        {
            free.Release(slots);
        }
    }

    /// <summary>Waits until nothing is under way; nothing can begin afterwards.</summary>
    public async Task DrainAsync()
    {
        for (var slot = 0; slot < count; slot++)
        {
            await free.WaitAsync();
        }
    }

    public void Dispose() => free.Dispose();
}
