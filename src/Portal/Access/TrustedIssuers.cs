namespace Portal.Access;

/// <summary>
/// Who vouches for people at this portal now. A sign-in that somebody else vouched for opens nothing, though its row lives: a database that was
/// tried out with personas, or with another provider, is no way in.
/// </summary>
/// <param name="Personas">Whether persona buttons do; their sign-ins name no issuer.</param>
/// <param name="Providers">Issuers (<c>iss</c>) of identity providers, without a slash at the end.</param>
public sealed record TrustedIssuers(bool Personas, IReadOnlyList<string> Providers);
