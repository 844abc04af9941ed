namespace CloudSimulator.Iam;

/// <summary>The one account that exists in the simulated cloud, with its IAM user and access keys. All values are invented and stand in <c>appsettings.json</c>.</summary>
sealed class Account
{
    readonly AccessKeyPair[] _keys;

    public Account(IConfiguration configuration)
    {
        var section = configuration.GetRequiredSection("Simulator:Account");
        string Required(string name) => section[name] is { Length: > 0 } value ? value : throw new InvalidOperationException($"Simulator:Account:{name} is not set.");
        Name = Required("Name");
        User = Required("User");
        Password = Required("Password");
        _keys =
        [
            new(Required("AccessKey"), Required("SecretKey"), SecurityToken: null),
            new(Required("TemporaryAccessKey"), Required("TemporarySecretKey"), Required("SecurityToken")),
        ];
    }

    public string Name { get; }
    public string User { get; }
    public string Password { get; }
    public string DomainId => Gateway.Regions.StableId("domain", Name);
    public string UserId => Gateway.Regions.StableId("user", User);

    public AccessKeyPair? FindKey(string accessKey) => Array.Find(_keys, key => key.AccessKey == accessKey);
}

/// <param name="SecurityToken">Must come along as <c>X-Security-Token</c>; null for a permanent pair.</param>
sealed record AccessKeyPair(string AccessKey, string SecretKey, string? SecurityToken);
