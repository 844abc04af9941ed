using System.Text.Json.Nodes;
using Portal.Access;

namespace Portal.Huawei;

/// <summary>
/// Credentials of a mirror's source, on their way into one call. It has no readable property, so that neither a serializer nor a log
/// can take them along.
/// </summary>
public sealed class MirrorLogin(Secret userName, Secret password) : IDisposable
{
    /// <summary>Adds both as the API wants them: Base64, which is an encoding and keeps nothing secret.</summary>
    internal void AddTo(JsonObject body)
    {
        body["username"] = Convert.ToBase64String(userName.RevealBytes());
        body["password"] = Convert.ToBase64String(password.RevealBytes());
    }

    /// <summary>Wipes both: the call has been built, or never will be.</summary>
    public void Dispose()
    {
        userName.Dispose();
        password.Dispose();
    }

    public override string ToString() => Secret.Mask;
}
