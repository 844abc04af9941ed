using System.Threading.Channels;
using Portal.Huawei;

namespace Portal.Requests;

/// <summary>A login that somebody typed for one approved call, on its way to it: in this process, for seconds, nowhere else.</summary>
/// <param name="ItemId">The call.</param>
/// <param name="RequestId">Its request.</param>
/// <param name="Fence">The claim under which it waits for its login: nobody else may take it while that holds.</param>
/// <param name="Login">The login; wiped when it was used or when its time is over.</param>
/// <param name="Since">When it was given, as a timestamp of this node's clock.</param>
public sealed record GivenLogin(Guid ItemId, Guid RequestId, int Fence, MirrorLogin Login, long Since);

/// <summary>Hands typed logins from the page to the dispatcher of the same process.</summary>
public sealed class GivenLogins
{
    /// <summary>How long a typed login waits at most for its call, and the call for it.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(60);

    readonly Channel<GivenLogin> waiting = Channel.CreateUnbounded<GivenLogin>();

    /// <summary>What was given and not taken yet, in its order.</summary>
    public ChannelReader<GivenLogin> Waiting => waiting.Reader;

    /// <summary>Hands one over.</summary>
    public void Give(GivenLogin login) => waiting.Writer.TryWrite(login);
}
