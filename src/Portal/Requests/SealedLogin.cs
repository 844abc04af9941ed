using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Huawei;
using Portal.Kinds;
using Secret = Portal.Access.Secret;

namespace Portal.Requests;

/// <summary>A user name and password that wait, sealed, for the approval of one request. The row is deleted when it is decided or sent.</summary>
public sealed class SealedLogin
{
    public required Guid RequestId { get; init; }

    public required byte[] Sealed { get; init; }
}

sealed class SealedLoginMapping : IEntityTypeConfiguration<SealedLogin>
{
    public void Configure(EntityTypeBuilder<SealedLogin> builder)
    {
        builder.ToTable("sealed_login");
        builder.HasKey(login => login.RequestId);
        builder.HasOne<Request>().WithOne().HasForeignKey<SealedLogin>(login => login.RequestId);
    }
}

/// <summary>Seals and opens logins with Data Protection. The request's id is part of the seal: moved to another request it does not open.</summary>
public sealed class LoginSeal(IDataProtectionProvider protection)
{
    /// <summary>The sealed form of a login for one request.</summary>
    public SealedLogin Seal(Guid request, LoginInput login) => new()
    {
        RequestId = request,
        Sealed = ProtectorOf(request).Protect(JsonSerializer.SerializeToUtf8Bytes(new[] { login.UserName.Reveal(), login.Password.Reveal() })),
    };

    /// <summary>The login, or null when the key that sealed it is gone.</summary>
    public MirrorLogin? Open(SealedLogin login)
    {
        try
        {
            var parts = JsonSerializer.Deserialize<string[]>(ProtectorOf(login.RequestId).Unprotect(login.Sealed))!;
            return new MirrorLogin(new Secret(parts[0]), new Secret(parts[1]));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    IDataProtector ProtectorOf(Guid request) => protection.CreateProtector("mirror-login", "v1", request.ToString());
}
