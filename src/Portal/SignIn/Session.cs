using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Access;

namespace Portal.SignIn;

/// <summary>Why a sign-in ended before its time.</summary>
public enum SessionEnd
{
    /// <summary>The person signed out.</summary>
    SignedOut,

    /// <summary>The same browser signed in anew.</summary>
    SignedInAgain,

    /// <summary>The person had more sign-ins than one may have; this was the oldest.</summary>
    TooMany,

    /// <summary>The person ended it from the list of their sign-ins.</summary>
    EndedByPerson,

    /// <summary>An administrator ended it.</summary>
    EndedByAdministrator,

    /// <summary>The identity provider said that the person signed out there.</summary>
    EndedByProvider,
}

/// <summary>
/// One sign-in of one browser. The row decides whether the cookie that names it is worth anything; the cookie has nothing but the id and a
/// key of which only the hash stands here.
/// </summary>
public sealed class Session
{
    /// <summary>Stands in lists and in the trail.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the key in the cookie.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>Whose it is.</summary>
    public required string PersonId { get; init; }

    /// <summary>The identity provider that vouched for the person (its <c>iss</c>); null for personas.</summary>
    public string? Issuer { get; init; }

    /// <summary>The person's name at the provider (<c>sub</c>): what a logout of the provider names.</summary>
    public string? Subject { get; init; }

    /// <summary>The provider's own session (<c>sid</c>), where it told it.</summary>
    public string? ProviderSession { get; init; }

    /// <summary>When the person proved who they are to the provider (<c>auth_time</c>).</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>The ID token, sealed with Data Protection: it is handed back to the provider at sign-out, and erased when the session ends.</summary>
    public byte[]? IdToken { get; private set; }

    /// <summary>Network address of the browser at the sign-in.</summary>
    public string? Address { get; init; }

    /// <summary>What the browser calls itself, cut to 200 characters.</summary>
    public string? Agent { get; init; }

    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When the person did something last, to a minute.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>When it ends whatever happens.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>When it was ended; null while it was not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it was ended.</summary>
    public SessionEnd? EndedBy { get; private set; }

    /// <summary>Keeps the sealed ID token for the sign-out.</summary>
    public void Keep(byte[]? idToken) => IdToken = idToken;

    /// <summary>Ends it and erases what only a live session needs.</summary>
    public void End(SessionEnd why, DateTimeOffset at) => (EndedAt, EndedBy, IdToken) = (at, why, null);
}

sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("session");
        builder.Property(session => session.Address).HasMaxLength(64);
        builder.Property(session => session.Agent).HasMaxLength(200);
        builder.HasOne<Person>().WithMany().HasForeignKey(session => session.PersonId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(session => new { session.PersonId, session.BeganAt });
        builder.HasIndex(session => new { session.Issuer, session.Subject });
        builder.HasIndex(session => session.EndsAt);
    }
}
