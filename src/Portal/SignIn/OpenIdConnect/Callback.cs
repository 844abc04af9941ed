using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>What the browser brought back from the provider: read strictly, each parameter once, nothing believed yet.</summary>
public sealed class Callback(IReadOnlyDictionary<string, StringValues> parameters)
{
    /// <summary>In bytes; a code, a state and an issuer need far less.</summary>
    const int LongestBody = 64 * 1024;

    /// <summary>In characters.</summary>
    const int LongestCode = 4096;

    /// <summary>Tokens have no business in a browser (RFC 9700, 2.1.2).</summary>
    static readonly string[] Tokens = ["id_token", "access_token", "token", "refresh_token"];

    /// <summary>The issuer that answers, where it says so (RFC 9207).</summary>
    public string? Issuer => this["iss"];

    string? this[string name] => parameters.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Reads a form post and nothing else.</summary>
    public static async Task<Callback> ReadAsync(HttpRequest request, CancellationToken token)
    {
        Refuse.When(!HttpMethods.IsPost(request.Method), SignInFault.CallbackMethod);
        Refuse.When(!IsForm(request), SignInFault.CallbackForm);
        var form = await ReadFormAsync(request, token);
        Refuse.When(form is null, SignInFault.CallbackSize);
        Refuse.When(form.Values.Any(values => values.Count != 1), SignInFault.CallbackParameterTwice);
        return new Callback(form);
    }

    /// <summary>The state that the portal sealed, of a sign-in that began not too long ago.</summary>
    public SignInState State(StateSeal seal, DateTimeOffset now)
    {
        var value = this["state"];
        Refuse.When(string.IsNullOrEmpty(value), SignInFault.StateMissing);
        var state = seal.Open(value);
        Refuse.When(state is null, SignInFault.StateNotOurs);
        Refuse.When(now - state.Began > SignInState.Valid, SignInFault.StateTooOld);
        return state;
    }

    /// <summary>The code, after everything else that came with it was looked at: what the provider is, before what it says.</summary>
    public string Code(SignInState state, string issuer, bool namesIssuer)
    {
        Refuse.When(state.Issuer != issuer, SignInFault.IssuerChanged);
        Refuse.When(namesIssuer && Issuer is null, SignInFault.IssuerParameterMissing);
        Refuse.When(Issuer is { } named && !IsOf(issuer, named), SignInFault.IssuerParameter);
        Refuse.When(this["error"] is not null, SignInFault.ProviderSaidNo);
        Refuse.When(Tokens.Any(name => this[name] is not null), SignInFault.TokenInFrontChannel);
        var code = this["code"];
        Refuse.When(string.IsNullOrEmpty(code), SignInFault.CodeMissing);
        Refuse.When(code.Length > LongestCode, SignInFault.CodeSize);
        return code;
    }

    // Metadata for many tenants hold the place of the tenant; that it is the token's is checked with the token.
    static bool IsOf(string issuer, string named) => issuer.Split("{tenantid}") is [var before, var after]
        ? named.StartsWith(before, StringComparison.Ordinal) && named.EndsWith(after, StringComparison.Ordinal)
        : named == issuer;

    static bool IsForm(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The fields of a form, or null when it is too long or has too many.</summary>
    public static async Task<Dictionary<string, StringValues>?> ReadFormAsync(HttpRequest request, CancellationToken token)
    {
        if (request.ContentLength is > LongestBody)
        {
            return null;
        }

        using var body = new MemoryStream();
        var part = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(part, token)) > 0;)
        {
            if (body.Length + read > LongestBody)
            {
                return null;
            }

            await body.WriteAsync(part.AsMemory(0, read), token);
        }

        body.Position = 0;
        try
        {
            using var reader = new FormReader(body) { ValueCountLimit = 100, KeyLengthLimit = 200, ValueLengthLimit = LongestBody };
            return await reader.ReadFormAsync(token);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
