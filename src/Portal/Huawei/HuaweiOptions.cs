using System.Text.Json.Serialization;

namespace Portal.Huawei;

/// <summary>How the portal proves itself to the cloud.</summary>
public enum CloudAuthentication
{
    /// <summary>Every request is signed with a key pair; valid in every region.</summary>
    AccessKey,

    /// <summary>An IAM user's password buys a token per region.</summary>
    Password,
}

/// <summary>Settings of the section "Huawei". The credentials may be empty: the portal then starts, and calls answer "not sent".</summary>
public sealed class HuaweiOptions
{
    public const string Section = "Huawei";

    public CloudAuthentication Authentication { get; set; }

    public string AccessKey { get; set; } = "";

    [JsonIgnore]
    public string SecretKey { get; set; } = "";

    /// <summary>Goes with a temporary key pair; empty for a permanent one.</summary>
    [JsonIgnore]
    public string SecurityToken { get; set; } = "";

    /// <summary>Account (domain) name of the IAM user.</summary>
    public string Account { get; set; } = "";

    public string User { get; set; } = "";

    [JsonIgnore]
    public string Password { get; set; } = "";

    /// <summary>Region where the source repositories live.</summary>
    public string SourceRegion { get; set; } = "cn-north-4";

    /// <summary>Regions that people may choose; those that support image sync when empty.</summary>
    public List<string> Regions { get; set; } = [];

    public HuaweiEndpoints Endpoints { get; set; } = new();

    /// <summary>Longest time for one exchange, from connecting to the last byte of the answer.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>The credentials that the chosen way of authentication needs are all there.</summary>
    public bool HasCredentials => Authentication switch
    {
        CloudAuthentication.AccessKey => AccessKey.Length > 0 && SecretKey.Length > 0,
        CloudAuthentication.Password => Account.Length > 0 && User.Length > 0 && Password.Length > 0,
        _ => false,
    };

    /// <summary>Says which way of authentication is chosen, never a credential.</summary>
    public override string ToString() => $"Huawei: {Authentication}, {(HasCredentials ? "credentials set" : "no credentials")}";
}
