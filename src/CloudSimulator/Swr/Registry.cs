using System.Security.Cryptography;
using System.Text;
using CloudSimulator.Control;
using CloudSimulator.Gateway;

namespace CloudSimulator.Swr;

/// <summary>All organizations, images, rules and jobs of every region. Every public method takes the lock and settles jobs whose time has come first.</summary>
sealed class Registry
{
    const int MostRules = 30_000;
    const int MostJobsPerRepository = 2000;

    readonly SimulatorClock _clock;
    readonly Pace _pace;
    readonly EffectCounter _effects;
    readonly SwrErrorSwitches _switches;
    readonly Lock _lock = new();
    readonly Dictionary<(string Region, string Name), Organization> _organizations = [];
    readonly List<SyncJob> _running = [];
    int _nextId;
    int _rules;

    public Registry(SimulatorClock clock, Pace pace, EffectCounter effects, SwrErrorSwitches switches)
    {
        (_clock, _pace, _effects, _switches) = (clock, pace, effects, switches);
        Reset();
    }

    /// <summary>Back to the sample data.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _organizations.Clear();
            _running.Clear();
            (_nextId, _rules) = (172_900, 0);
            SampleRegistry.Fill(this, _clock.GetUtcNow());
        }
    }

    /// <summary>Reads under the lock. <paramref name="read"/> must hand out values, not the collections themselves.</summary>
    public T Read<T>(Func<DateTimeOffset, T> read)
    {
        lock (_lock)
        {
            var now = Settle();
            return read(now);
        }
    }

    /// <summary>Only inside <see cref="Read"/>: the organizations of a region, by name.</summary>
    public IEnumerable<Organization> Organizations(string region) =>
        _organizations.Values.Where(o => o.Region == region).OrderBy(o => o.Name, StringComparer.Ordinal);

    /// <summary>Only inside <see cref="Read"/>: a repository, or the documented error for what is missing.</summary>
    public (ImageRepository? Repository, SwrError? Error) Find(string region, string ns, string name)
    {
        if (!_organizations.TryGetValue((region, ns), out var organization))
            return (null, SwrError.NamespaceMissing);
        return organization.Repositories.TryGetValue(name, out var repository) ? (repository, null) : (null, SwrError.RepositoryMissing);
    }

    public SwrError? CreateRule(string region, string ns, string name, SyncTarget target, bool syncAuto, bool isOverride) => Change(region, ns, name, target, (repository, now) =>
    {
        if (repository.Rules.Exists(rule => rule.Target == target))
            return SwrError.Duplicate(_switches.DuplicateStatus);
        if (_rules >= MostRules)
            return SwrError.TooMany;
        _rules++;
        repository.Rules.Add(new SyncRule(NextId(), target, syncAuto, isOverride, now));
        _effects.Add($"rule:{region}/{ns}/{name}->{target.Region}/{target.Namespace}");
        return null;
    });

    public SwrError? DeleteRule(string region, string ns, string name, SyncTarget target)
    {
        lock (_lock)
        {
            Settle();
            var (repository, error) = Find(region, ns, name);
            if (repository is null)
                return error;
            if (repository.Rules.RemoveAll(rule => rule.Target == target) == 0)
                return SwrError.RuleMissing;
            _rules--;
            _effects.Add($"rule-deleted:{region}/{ns}/{name}->{target.Region}/{target.Namespace}");
            return null;
        }
    }

    /// <summary>One job per tag, also for tags that do not exist: those fail later (huawei-api 1.5).</summary>
    public SwrError? CopyTags(string region, string ns, string name, IReadOnlyList<string> tags, SyncTarget target, bool isOverride) => Change(region, ns, name, target, (repository, now) =>
    {
        foreach (var tag in tags)
        {
            StartJob(repository, tag, target, isOverride, now, _pace.Job);
            _effects.Add($"copy:{region}/{ns}/{name}->{target.Region}/{target.Namespace}:{tag}");
        }
        return null;
    });

    /// <summary>Somebody pushes an image: the tag gets a new digest and every automatic rule makes a job. Null when the repository does not exist.</summary>
    public (string Digest, int Jobs)? Push(string region, string ns, string name, string tag)
    {
        lock (_lock)
        {
            var now = Settle();
            if (Find(region, ns, name).Repository is not { } repository)
                return null;
            var digest = Digest($"{region}/{ns}/{name}:{tag}@{NextId()}");
            PutTag(repository, tag, digest, 20_000_000, now);
            var rules = repository.Rules.Where(rule => rule.SyncAuto).ToList();
            foreach (var rule in rules)
            {
                StartJob(repository, tag, rule.Target, rule.Override, now, _pace.Job);
                _effects.Add($"auto-copy:{region}/{ns}/{name}->{rule.Target.Region}/{rule.Target.Namespace}:{tag}");
            }
            return (digest, rules.Count);
        }
    }

    /// <summary>
    /// The organization <c>bulk</c> in cn-north-4 with the images <c>image-00001</c> and so on, of one tag each, and <c>bulk-copy</c> in cn-east-3
    /// to copy them to. What is there already stays.
    /// </summary>
    public void AddBulk(int images)
    {
        lock (_lock)
        {
            var now = Settle();
            if (!_organizations.TryGetValue(("cn-north-4", "bulk"), out var organization))
            {
                organization = AddOrganization("cn-north-4", "bulk", 7, "portal-robot");
                AddOrganization("cn-east-3", "bulk-copy", 7, "portal-robot");
            }
            for (var number = organization.Repositories.Count + 1; number <= images; number++)
                PutTag(AddRepository(organization, $"image-{number:00000}", "other", "", now), "1.0", Digest($"bulk {number}"), 20_000_000, now);
        }
    }

    SwrError? Change(string region, string ns, string name, SyncTarget target, Func<ImageRepository, DateTimeOffset, SwrError?> change)
    {
        lock (_lock)
        {
            var now = Settle();
            var (repository, error) = Find(region, ns, name);
            if (repository is null)
                return error;
            if (repository.Organization.Auth < 3)
                return SwrError.NotPermitted;
            if (!Regions.SyncTargets.Contains(target.Region))
                return SwrError.RegionUnknown;
            return target.Region == region ? SwrError.ParameterInvalid : change(repository, now);
        }
    }

    /// <summary>For sample data and inside the lock: an organization that does not exist yet.</summary>
    public Organization AddOrganization(string region, string name, int auth, string creator) =>
        _organizations[(region, name)] = new Organization(NextId(), region, name, auth, creator);

    /// <summary>For sample data and inside the lock.</summary>
    public ImageRepository AddRepository(Organization organization, string name, string category, string description, DateTimeOffset created, int downloads = 0) =>
        organization.Repositories[name] = new ImageRepository(NextId(), organization, name, category, description, created) { Downloads = downloads };

    /// <summary>For sample data and inside the lock: a rule that was there before anybody counted.</summary>
    public void AddRule(ImageRepository repository, SyncTarget target, bool syncAuto, bool isOverride, DateTimeOffset created)
    {
        _rules++;
        repository.Rules.Add(new SyncRule(NextId(), target, syncAuto, isOverride, created));
    }

    /// <summary>For sample data and inside the lock.</summary>
    public void StartJob(ImageRepository source, string tag, SyncTarget target, bool isOverride, DateTimeOffset now, TimeSpan takes)
    {
        var job = new SyncJob(NextId(), source, source.Tags.GetValueOrDefault(tag), tag, target, isOverride, now, takes);
        _running.Add(job);
        source.Jobs.Add(job);
        if (source.Jobs.Count > MostJobsPerRepository)
            source.Jobs.RemoveAt(0);
    }

    /// <summary>For sample data and inside the lock.</summary>
    public void PutTag(ImageRepository repository, string tag, string digest, long size, DateTimeOffset now)
    {
        var created = repository.Tags.TryGetValue(tag, out var old) ? old.Created : now;
        repository.Tags[tag] = new ImageTag(NextId(), tag, digest, size, created, now);
        repository.Updated = repository.Updated > now ? repository.Updated : now;
    }

    /// <summary>A digest that depends on the text alone.</summary>
    public static string Digest(string of) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of)));

    int NextId() => ++_nextId;

    DateTimeOffset Settle()
    {
        var now = _clock.GetUtcNow();
        foreach (var job in _running.Where(job => job.EndsAt <= now).OrderBy(job => job.EndsAt).ThenBy(job => job.Id).ToList())
        {
            job.Outcome = Finish(job);
            _running.Remove(job);
        }
        return now;
    }

    string Finish(SyncJob job)
    {
        if (job.Tag is null || !_organizations.TryGetValue((job.Target.Region, job.Target.Namespace), out var organization))
            return "failed";
        if (!organization.Repositories.TryGetValue(job.Source.Name, out var repository))
            repository = AddRepository(organization, job.Source.Name, job.Source.Category, job.Source.Description, job.EndsAt);
        if (repository.Tags.TryGetValue(job.TagName, out var there) && (there.Digest == job.Tag.Digest || !job.Override))
            return "existed";
        PutTag(repository, job.TagName, job.Tag.Digest, job.Tag.Size, job.EndsAt);
        return "success";
    }
}
