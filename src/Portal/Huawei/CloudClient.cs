using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Portal.Telemetry;

namespace Portal.Huawei;

/// <summary>
/// Sends calls to the cloud, one exchange each: no retries, no redirects, no cookies. Answers every outcome of the network as an
/// <see cref="Answer"/>; throws only for programming errors and for a cancelled caller.
/// </summary>
public sealed class CloudClient
{
    /// <summary>Name of the HTTP client for exchanges that are made exactly once: a connection for each.</summary>
    internal const string WritingClient = "huawei";

    /// <summary>Name of the HTTP client for <see cref="ReadAsync"/>: connections are kept.</summary>
    internal const string ReadingClient = "huawei-reads";

    readonly HuaweiOptions _options;
    readonly Exchange _exchange;
    readonly CredentialSource _source;
    readonly TimeProvider _clock;
    Session _session;
    readonly ConcurrentDictionary<string, LastAnswer> _last = new(StringComparer.Ordinal);

    public CloudClient(IHttpClientFactory factory, IOptions<HuaweiOptions> options, CredentialSource source, TimeProvider clock)
    {
        _options = options.Value;
        _source = source;
        _clock = clock;
        _exchange = new Exchange(factory, clock);
        _session = Begin(CloudCredentials.Of(_options));
    }

    /// <summary>A refused credential can be renewed: by forgetting the token, or because a new key may have come meanwhile. An access key of the settings cannot.</summary>
    public bool CanRenewCredential => _options.Authentication == CloudAuthentication.Password || _source.CanChange;

    /// <summary>The longest that <see cref="SendAsync"/> can take, credentials included: what a lease must outlast.</summary>
    public TimeSpan LongestSend => CredentialTimeout + CallTimeout;

    /// <summary>How each service and region that this node called answered last, by the name of the lane.</summary>
    public IReadOnlyDictionary<string, LastAnswer> LastAnswers => _last;

    TimeSpan CallTimeout => TimeSpan.FromSeconds(_options.TimeoutSeconds);

    TimeSpan CredentialTimeout => TimeSpan.FromSeconds(Math.Min(_options.TimeoutSeconds, 10));

    /// <summary>The absolute address exactly as it is sent.</summary>
    /// <exception cref="ArgumentException">The region has not the form of a region id, or the path is no path.</exception>
    public Uri UrlOf(CloudCall call) => _options.Endpoints.UrlOf(call);

    /// <summary>The call as a shell command for people; credentials are "$HUAWEI_TOKEN" and the body is redacted.</summary>
    public string CurlOf(CloudCall call) => Curl.Of(call, UrlOf(call));

    /// <summary>
    /// Exactly one exchange with the service, preceded by a token call when none is cached. A cancelled caller gets an
    /// <see cref="OperationCanceledException"/> while nothing was sent, and for reads always; once a write has begun to leave, the
    /// answer is <see cref="AnswerKind.NoAnswer"/> instead, because the cloud may have done it.
    /// </summary>
    public async Task<Answer> SendAsync(CloudCall call, CancellationToken token) => (await SendOnceAsync(call, token)).Answer;

    /// <summary>
    /// As <see cref="SendAsync"/>, for GETs of people who wait: on a connection that is kept, once more on a new one when that was dead;
    /// when the cloud does not accept the token, a new one is fetched and the call is sent once more.
    /// </summary>
    public async Task<Answer> ReadAsync(CloudCall call, CancellationToken token)
    {
        if (call.Method != HttpMethod.Get)
            throw new ArgumentException("Only a GET may be sent twice.", nameof(call));
        var (answer, used) = await SendOnceAsync(call, token, keepsConnection: true);
        if (answer is { Kind: AnswerKind.NoAnswer, Status: null } && answer.Duration < CallTimeout / 2)
            (answer, used) = await SendOnceAsync(call, token);
        if (!answer.CredentialExpired || used is null)
            return answer;
        used.Forget();
        return (await SendOnceAsync(call, token)).Answer;
    }

    /// <summary>The next call to the region logs in anew.</summary>
    public void ForgetToken(string region) => Present().Tokens.Forget(region);

    async Task<(Answer Answer, Used? Used)> SendOnceAsync(CloudCall call, CancellationToken token, bool keepsConnection = false)
    {
        if (!Regions.IsId(call.Region))
            return (Answer.NotSent($"'{Redaction.Cut(Redaction.Printable(call.Region), 40)}' is not a region id"), null);
        // From here to its answer the call keeps these credentials, whatever is mounted meanwhile.
        var session = Present();
        if (!session.Credentials.AreComplete)
            return (Answer.NotSent(MissingCredentials()), null);
        if (_options.Authentication == CloudAuthentication.Password)
        {
            var (bought, problem) = await session.Tokens.GetAsync(call.Region, token);
            return bought is null
                ? (problem!, null)
                : (await RunAsync(session.Credentials, call, [new("X-Auth-Token", bought)], signed: false, CallTimeout, token, keepsConnection),
                    new Used(session.Tokens, call.Region, bought));
        }

        // The project only sharpens the call, so that not knowing it must not stop it.
        var project = call.Service == CloudService.CodeArtsRepo ? await session.Projects.IdOfAsync(call.Region, token) : null;
        KeyValuePair<string, string>[] headers = project is null ? [] : [new("X-Project-Id", project)];
        return (await RunAsync(session.Credentials, call, headers, signed: true, CallTimeout, token, keepsConnection), null);
    }

    // What was bought or found out with other credentials is forgotten with them.
    Session Present()
    {
        var credentials = _source.Present();
        var session = Volatile.Read(ref _session);
        if (ReferenceEquals(session.Credentials, credentials) || session.Credentials.AreSameAs(credentials))
            return session;
        var begun = Begin(credentials);
        var other = Interlocked.CompareExchange(ref _session, begun, session);
        return ReferenceEquals(other, session) ? begun : other;
    }

    Session Begin(CloudCredentials credentials) => new(
        credentials, new Tokens(region => FetchTokenAsync(credentials, region), _clock), new Projects(region => FetchProjectAsync(credentials, region), _clock));

    async Task<Answer> RunAsync(
        CloudCredentials credentials, CloudCall call, KeyValuePair<string, string>[] headers, bool signed, TimeSpan timeout, CancellationToken token,
        bool keepsConnection = false)
    {
        var url = UrlOf(call);
        var body = call.BodyBytes();
        if (signed)
            headers = RequestSigner.Sign(credentials, call.Method, url, headers, body, _clock.GetUtcNow());
        string[] secrets =
        [
            .. credentials.Known,
            .. headers.Where(header => header.Key == "X-Auth-Token").Select(header => header.Value),
            .. Redaction.SecretsIn(call.Body),
        ];
        return (await ExchangeAsync(new Outgoing(call, url, headers, body, secrets, timeout, keepsConnection), token)).Answer;
    }

    async Task<TokenAnswer> FetchTokenAsync(CloudCredentials credentials, string region)
    {
        var call = Iam.TokenByPassword(region, credentials.Account, credentials.User, credentials.Password);
        string[] secrets = [.. credentials.Known, .. Redaction.SecretsIn(call.Body)];
        var sent = new Outgoing(call, UrlOf(call), [], call.BodyBytes(), secrets, CredentialTimeout);
        var exchanged = await ExchangeAsync(sent, CancellationToken.None);
        return new TokenAnswer(exchanged.Answer, exchanged.SubjectToken);
    }

    async Task<(Answer Answer, string? SubjectToken)> ExchangeAsync(Outgoing outgoing, CancellationToken token)
    {
        var (call, service) = (outgoing.Call, outgoing.Call.Service.ToString().ToLowerInvariant());
        using var span = Traces.OfCall(call.Method.Method, service, outgoing.Url.Host, outgoing.Url.Port);
        var exchanged = await _exchange.RunAsync(outgoing, token);
        var answer = exchanged.Answer;
        span.SetAnswer(answer.Kind.ToString(), answer.Status);
        var known = _options.Regions.Contains(call.Region);
        Measures.RecordCall(service, known ? call.Region : "other", call.Method.Method, answer.Kind.ToString(), answer.Status, answer.Duration);
        if (known)
        {
            _last[call.Lane] = new LastAnswer(_clock.GetUtcNow(), answer.Kind, answer.Status, answer.CredentialExpired, answer.Failure);
        }

        return exchanged;
    }

    Task<Answer> FetchProjectAsync(CloudCredentials credentials, string region) =>
        RunAsync(credentials, Iam.FindProject(region), [], signed: true, CredentialTimeout, CancellationToken.None);

    string MissingCredentials() => (_options.CredentialsFolder.Length > 0, _options.Authentication) switch
    {
        (true, CloudAuthentication.Password) => "no credentials: Huawei:CredentialsFolder needs the files Account, User and Password",
        (true, _) => "no credentials: Huawei:CredentialsFolder needs the files AccessKey and SecretKey",
        (_, CloudAuthentication.Password) => "no credentials configured: set Huawei__Account, Huawei__User and Huawei__Password",
        _ => "no credentials configured: set Huawei__AccessKey and Huawei__SecretKey",
    };

    /// <summary>Everything that belongs to one set of credentials.</summary>
    sealed record Session(CloudCredentials Credentials, Tokens Tokens, Projects Projects);

    /// <summary>The token that a call was made with.</summary>
    sealed class Used(Tokens tokens, string region, string token)
    {
        public void Forget() => tokens.Forget(region, token);
    }
}
