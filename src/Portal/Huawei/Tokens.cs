namespace Portal.Huawei;

/// <summary>What a login brought: the answer, and the token when there is one.</summary>
readonly record struct TokenAnswer(Answer Answer, string? Token)
{
    public override string ToString() => Answer.ToString();
}

/// <summary>
/// Tokens by region. Callers that ask at the same time share one login; a token is renewed ahead of its end; a login that failed is
/// not remembered.
/// </summary>
sealed class Tokens(Func<string, Task<TokenAnswer>> login, TimeProvider clock)
{
    static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(10);

    readonly Lock _lock = new();
    readonly Dictionary<string, Login> _logins = [];

    /// <summary>A usable token, or the answer that says why there is none.</summary>
    public async Task<(string? Token, Answer? Problem)> GetAsync(string region, CancellationToken token)
    {
        Login current;
        lock (_lock)
        {
            if (!_logins.TryGetValue(region, out current!) || !current.IsUsable(clock.GetUtcNow()))
            {
                _logins[region] = current = new Login();
                current.Done = LogInAsync(region, current);
            }
        }

        // One caller that goes away must not end the login that others wait for.
        await current.Done.WaitAsync(token);
        return (current.Token, current.Problem);
    }

    /// <summary>The next caller logs in.</summary>
    public void Forget(string region)
    {
        lock (_lock)
            _logins.Remove(region);
    }

    /// <summary>As <see cref="Forget(string)"/>, unless another token has already taken the place of <paramref name="refused"/>.</summary>
    public void Forget(string region, string refused)
    {
        lock (_lock)
        {
            if (_logins.TryGetValue(region, out var current) && current.Token == refused)
                _logins.Remove(region);
        }
    }

    async Task LogInAsync(string region, Login current)
    {
        // Leave the lock before the first byte moves.
        await Task.Yield();
        var (answer, bought) = await login(region);
        var problem = answer.IsSuccess && !string.IsNullOrEmpty(bought) ? null : ProblemOf(answer);
        var lifetime = Iam.ReadLifetime(answer);
        var margin = lifetime / 10 < LongestMargin ? lifetime / 10 : LongestMargin;
        lock (_lock)
        {
            current.Problem = problem;
            current.Token = problem is null ? bought : null;
            current.RenewAt = clock.GetUtcNow() + lifetime - margin;
        }
    }

    static Answer ProblemOf(Answer answer)
    {
        var reason = answer.Kind == AnswerKind.Answered
            ? $"IAM answered {answer.Status}" + (answer.IsSuccess ? " without a token" : "")
            : $"IAM: {answer.Failure}";
        return Answer.NotSent($"no token: {reason}") with
        {
            ErrorCode = answer.ErrorCode,
            ErrorMessage = answer.ErrorMessage,
            TraceId = answer.TraceId,
            BodyExcerpt = answer.BodyExcerpt,
            Duration = answer.Duration,
            RetryAfter = answer.RetryAfter,
        };
    }

    sealed class Login
    {
        public Task Done { get; set; } = Task.CompletedTask;
        public string? Token { get; set; }
        public Answer? Problem { get; set; }
        public DateTimeOffset RenewAt { get; set; }

        public bool IsUsable(DateTimeOffset now) => !Done.IsCompleted || Token is not null && now < RenewAt;
    }
}
