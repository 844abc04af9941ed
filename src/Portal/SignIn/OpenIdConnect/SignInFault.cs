using System.Diagnostics.CodeAnalysis;

namespace Portal.SignIn.OpenIdConnect;

/// <summary>
/// Why a sign-in, or a logout that the provider announced, was refused: one name for each check. It goes into the trail; what the person sees is
/// <see cref="SignInFaults.WordOf"/>. Listed with their sources in docs/sign-in-checks.md.
/// </summary>
public enum SignInFault
{
    ProviderNotAvailable,
    MetadataIssuer,
    MetadataEndpoint,

    CallbackMethod,
    CallbackForm,
    CallbackSize,
    CallbackParameterTwice,
    StateMissing,
    StateNotOurs,
    StateTooOld,
    StateUsed,
    AnotherBrowser,
    IssuerChanged,
    IssuerParameterMissing,
    IssuerParameter,
    ProviderSaidNo,
    TokenInFrontChannel,
    CodeMissing,
    CodeSize,

    TokenAnswerStatus,
    TokenAnswerMediaType,
    TokenAnswerNotJson,
    TokenType,
    IdTokenMissing,

    IdTokenSize,
    IdTokenParts,
    IdTokenNotJson,
    IdTokenMemberTwice,
    IdTokenAlgorithm,
    IdTokenCritical,
    IdTokenType,
    IdTokenKeyUnknown,
    IdTokenSignature,
    IdTokenIssuer,
    IdTokenAudience,
    IdTokenAuthorizedParty,
    IdTokenExpiry,
    IdTokenNotYet,
    IdTokenLifetime,
    IdTokenIssuedAt,
    IdTokenNonce,
    IdTokenAccessHash,
    IdTokenAuthenticationTime,
    IdTokenSubject,
    IdTokenTenant,
    IdTokenTenantNotAllowed,
    IdTokenTenantKey,
    IdTokenObject,

    LogoutForm,
    LogoutEvent,
    LogoutNonce,
    LogoutTokenId,
    LogoutUsed,
    LogoutName,

    PersonShutOut,
    GroupsLeftOut,
}

/// <summary>What a person reads when they were not let in: few sentences, none of which helps who tries things out.</summary>
public static class SignInFaults
{
    /// <summary>The key of the sentence in <c>Words</c>.</summary>
    public static string WordOf(SignInFault fault) => "SignIn.Refused." + fault switch
    {
        SignInFault.ProviderNotAvailable or SignInFault.MetadataIssuer or SignInFault.MetadataEndpoint => "NotAvailable",
        SignInFault.StateTooOld or SignInFault.StateUsed or SignInFault.AnotherBrowser or SignInFault.StateMissing or SignInFault.StateNotOurs => "Again",
        SignInFault.ProviderSaidNo => "Provider",
        SignInFault.IdTokenTenantNotAllowed => "Tenant",
        SignInFault.PersonShutOut => "ShutOut",
        SignInFault.GroupsLeftOut => "Groups",
        _ => "Other",
    };
}

/// <summary>A sign-in is refused. Carries the name of the check, never what was sent.</summary>
public sealed class SignInRefusedException(SignInFault fault, Exception? cause = null) : Exception($"The sign-in was refused: {fault}.", cause)
{
    public SignInFault Fault => fault;
}

/// <summary>The one way in which a check says no.</summary>
static class Refuse
{
    /// <summary>Throws <see cref="SignInRefusedException"/> when the condition holds.</summary>
    public static void When([DoesNotReturnIf(true)] bool wrong, SignInFault fault)
    {
        if (wrong)
        {
            throw new SignInRefusedException(fault);
        }
    }
}
