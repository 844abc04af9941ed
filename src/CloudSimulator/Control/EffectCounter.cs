namespace CloudSimulator.Control;

/// <summary>How often something really happened in the cloud, per target. This, not what a client believes, shows whether a thing was done exactly once.</summary>
sealed class EffectCounter
{
    const int Capacity = 100_000;
    readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    public void Add(string target)
    {
        lock (_lock)
        {
            // Beyond the capacity new targets are not counted: a bound on memory that no test comes near.
            if (_counts.Count < Capacity || _counts.ContainsKey(target))
                _counts[target] = _counts.GetValueOrDefault(target) + 1;
        }
    }

    public int Of(string target)
    {
        lock (_lock)
            return _counts.GetValueOrDefault(target);
    }

    public IReadOnlyDictionary<string, int> All()
    {
        lock (_lock)
            return new SortedDictionary<string, int>(_counts, StringComparer.Ordinal);
    }

    public void Reset()
    {
        lock (_lock)
            _counts.Clear();
    }
}
