using CloudSimulator.Control;

namespace CloudSimulator.CodeArts;

/// <summary>All Git repositories of every region.</summary>
sealed class RepositoryStore
{
    readonly SimulatorClock _clock;
    readonly Pace _pace;
    readonly EffectCounter _effects;
    readonly Lock _lock = new();
    Dictionary<(string Region, int Id), GitRepository> _repositories = [];

    public RepositoryStore(SimulatorClock clock, Pace pace, EffectCounter effects)
    {
        (_clock, _pace, _effects) = (clock, pace, effects);
        Reset();
    }

    /// <summary>Back to the sample data.</summary>
    public void Reset()
    {
        lock (_lock)
            _repositories = SampleRepositories.At(_clock.GetUtcNow()).ToDictionary(r => (r.Region, r.Id));
    }

    /// <summary>The mirrors 9000001 and so on in cn-north-4, as <see cref="SampleRepositories.Bulk"/> makes them. What is there already stays.</summary>
    public void AddBulk(int mirrors)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            foreach (var repository in Enumerable.Range(1, mirrors).Select(number => SampleRepositories.Bulk(number, now)))
                _repositories.TryAdd((repository.Region, repository.Id), repository);
        }
    }

    public GitRepository? Find(string region, int id)
    {
        lock (_lock)
            return _repositories.GetValueOrDefault((region, id));
    }

    /// <summary>The repositories that the sample user can see in a region.</summary>
    public IReadOnlyList<GitRepository> Listed(string region)
    {
        lock (_lock)
            return [.. _repositories.Values.Where(r => r.Region == region && r.IsListed)];
    }

    /// <summary>Starts a run and gives its <c>jid</c>; null when the repository is not there or no mirror.</summary>
    public string? StartMirror(string region, int id, string? endpointUuid)
    {
        lock (_lock)
        {
            if (_repositories.GetValueOrDefault((region, id))?.Mirror is not { } mirror)
                return null;
            var now = _clock.GetUtcNow();
            mirror.Settle(now);
            mirror.EndpointUuid = endpointUuid ?? mirror.EndpointUuid;
            _effects.Add($"mirror:{region}/{id}");
            return mirror.Start(now, _pace.Mirror);
        }
    }

    /// <summary>Shows the mirror as it is now; null when the repository is not there or no mirror.</summary>
    public T? ReadMirror<T>(string region, int id, Func<Mirror, T> read)
        where T : class
    {
        lock (_lock)
        {
            if (_repositories.GetValueOrDefault((region, id))?.Mirror is not { } mirror)
                return null;
            mirror.Settle(_clock.GetUtcNow());
            return read(mirror);
        }
    }
}
