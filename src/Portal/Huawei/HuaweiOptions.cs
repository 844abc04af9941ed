using Portal.Access;

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

    public Secret SecretKey { get; set; } = Secret.None;

    /// <summary>Goes with a temporary key pair; empty for a permanent one.</summary>
    public Secret SecurityToken { get; set; } = Secret.None;

    /// <summary>Account (domain) name of the IAM user.</summary>
    public string Account { get; set; } = "";

    public string User { get; set; } = "";

    public Secret Password { get; set; } = Secret.None;

    /// <summary>
    /// A folder with one file for each of the credentials above, named like it (<c>SecretKey</c>); what is there counts instead of the
    /// setting, and a change counts from the next call on. Empty for none.
    /// </summary>
    public string CredentialsFolder { get; set; } = "";

    /// <summary>Region where the source repositories live.</summary>
    public string SourceRegion { get; set; } = "cn-north-4";

    /// <summary>Regions that people may choose; those that support image sync when empty.</summary>
    public List<string> Regions { get; set; } = [];

    public HuaweiEndpoints Endpoints { get; set; } = new();

    /// <summary>Longest time for one exchange, from connecting to the last byte of the answer.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Says which way of authentication is chosen, never a credential.</summary>
    public override string ToString() => $"Huawei: {Authentication}, {(CredentialsFolder.Length > 0 ? "credentials in a folder" : CloudCredentials.Of(this).AreComplete ? "credentials set" : "no credentials")}";
}
