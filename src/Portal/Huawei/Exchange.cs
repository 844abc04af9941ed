using System.Net.Sockets;
using System.Security.Authentication;
using Portal.Access;

namespace Portal.Huawei;

/// <summary>A call with everything that the wire needs; no record, so that its headers are never printed.</summary>
sealed class Outgoing(
    CloudCall call, Uri url, IReadOnlyList<KeyValuePair<string, string>> headers, byte[] body,
    IReadOnlyList<string> secrets, TimeSpan timeout, bool keepsConnection = false)
{
    /// <summary>Whether a connection of an earlier call may be used: only for what may be sent again when that one turns out to be dead.</summary>
    public bool KeepsConnection => keepsConnection;

    public CloudCall Call => call;
    public Uri Url => url;
    public IReadOnlyList<KeyValuePair<string, string>> Headers => headers;
    public byte[] Body => body;

    /// <summary>Texts that must not come back out of an answer.</summary>
    public IReadOnlyList<string> Secrets => secrets;
    public TimeSpan Timeout => timeout;
}

/// <summary>One HTTP exchange, classified: the only place that knows whether a request may have left.</summary>
sealed class Exchange(IHttpClientFactory factory, TimeProvider clock)
{
    /// <summary>Sends once. <c>SubjectToken</c> is IAM's X-Subject-Token, which stays out of the answer.</summary>
    public async Task<(Answer Answer, string? SubjectToken)> RunAsync(Outgoing outgoing, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var started = clock.GetTimestamp();
        using var timer = new CancellationTokenSource(outgoing.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, timer.Token);
        using var content = new WatchedContent(outgoing.Body);
        using var request = new HttpRequestMessage(outgoing.Call.Method, outgoing.Url) { Content = content };
        foreach (var (name, value) in outgoing.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                return (Answer.NotSent($"header {name} cannot be sent"), null);
        }

        int? status = null;
        try
        {
            using var client = factory.CreateClient(outgoing.KeepsConnection ? CloudClient.ReadingClient : CloudClient.WritingClient);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            status = (int)response.StatusCode;
            var answer = await AnswerReader.ReadAsync(outgoing, response, clock.GetUtcNow(), either.Token);
            var subject = response.Headers.NonValidated.TryGetValues("X-Subject-Token", out var values) ? values.ToString() : null;
            return (answer with { Duration = clock.GetElapsedTime(started) }, subject);
        }
        catch (OperationCanceledException)
            when (token.IsCancellationRequested && (!content.HasLeft || outgoing.Call.Method == HttpMethod.Get))
        {
            throw new OperationCanceledException(token);
        }
        // Before the content is asked for, at most headers have been written, and no server acts on a request it has half of.
        catch (Exception fault) when (content.HasLeft || fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return (new Answer
            {
                Kind = content.HasLeft ? AnswerKind.NoAnswer : AnswerKind.NotSent,
                Status = status,
                Failure = token.IsCancellationRequested ? "cancelled by the portal"
                    : timer.IsCancellationRequested && content.HasLeft ? $"timed out after {outgoing.Timeout.TotalSeconds:0} s"
                    : timer.IsCancellationRequested ? $"timed out after {outgoing.Timeout.TotalSeconds:0} s while connecting"
                    : Describe(fault, status is not null),
                Duration = clock.GetElapsedTime(started),
            }, null);
        }
    }

    // Words of our own: what an exception says may name addresses, and comes in the language of the machine.
    static string Describe(Exception fault, bool answerBegan) => fault switch
    {
        HttpRequestException { InnerException: EgressRefusedException refused } => refused.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "host name not found",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError, InnerException: SocketException socket } =>
            socket.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : $"could not connect ({socket.SocketErrorCode})",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "could not connect",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException } =>
            "TLS failed: the certificate is not trusted or does not fit the host",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS failed",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy refused the tunnel",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer's headers are too large",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "what came back is not HTTP",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } }
            or { InnerException.InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } } => "connection reset",
        _ => answerBegan ? "the answer was cut short" : "connection closed without an answer",
    };

    /// <summary>
    /// A body that knows whether the HTTP client began to write it. Every request has one, a GET an empty one: SWR documents Content-Type
    /// as required, and the mark is what tells "not sent" from "no answer".
    /// </summary>
    sealed class WatchedContent : HttpContent
    {
        readonly byte[] _bytes;

        public WatchedContent(byte[] bytes)
        {
            _bytes = bytes;
            Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        public bool HasLeft { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            HasLeft = true;
            await stream.WriteAsync(_bytes, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
