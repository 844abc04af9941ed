using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Access;
using Portal.Huawei;
using Portal.Kinds;

namespace Portal.Requests;

/// <summary>
/// A user name and password that wait, sealed, for the approval of one request. The row is deleted when it is decided against, sent or too
/// old. What a deleted row leaves behind in the database's files opens only as long as the day's key exists (<see cref="DayKeys"/>).
/// </summary>
public sealed class SealedLogin
{
    public required Guid RequestId { get; init; }

    /// <summary>How it was sealed; part of the seal.</summary>
    public required short Version { get; init; }

    /// <summary>The day, in UTC, whose key wraps this login's own key.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>This login's own key, sealed with the day's key.</summary>
    public required byte[] WrappedKey { get; init; }

    public required byte[] UserName { get; init; }

    public required byte[] Password { get; init; }

    /// <summary>By the database's clock.</summary>
    public DateTimeOffset SealedAt { get; private set; }
}

sealed class SealedLoginMapping : IEntityTypeConfiguration<SealedLogin>
{
    public void Configure(EntityTypeBuilder<SealedLogin> builder)
    {
        builder.ToTable("sealed_login");
        builder.HasKey(login => login.RequestId);
        builder.Property(login => login.SealedAt).HasDefaultValueSql("clock_timestamp()").ValueGeneratedOnAdd();
        builder.HasOne<Request>().WithOne().HasForeignKey<SealedLogin>(login => login.RequestId);
    }
}

/// <summary>
/// Seals and opens logins: AES-256-GCM with a fresh key for each, which is itself sealed with the key of the day. Request, field and version
/// are part of each seal: what is copied to another request, field or day does not open.
/// </summary>
public sealed class LoginSeal(DayKeys keys, TimeProvider time)
{
    const short Version = 2;
    const int KeySize = 32;
    const int NonceSize = 12;
    const int TagSize = 16;

    /// <summary>The sealed form of a login for one request.</summary>
    public SealedLogin Seal(Guid request, LoginInput login)
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var dayKey = keys.ForSealing(day);
        var key = RandomNumberGenerator.GetBytes(KeySize);
        try
        {
            return new SealedLogin
            {
                RequestId = request,
                Version = Version,
                Day = day,
                WrappedKey = Seal(dayKey, key, Bound(request, $"key {day:O}", Version)),
                UserName = Seal(key, login.UserName.RevealBytes(), Bound(request, "user_name", Version)),
                Password = Seal(key, login.Password.RevealBytes(), Bound(request, "password", Version)),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(dayKey);
        }
    }

    /// <summary>The login, or null when the key of its day is gone or the seal is not that of this row.</summary>
    public MirrorLogin? Open(SealedLogin login)
    {
        if (keys.Find(login.Day) is not { } dayKey)
        {
            return null;
        }

        byte[]? key = null;
        try
        {
            key = Open(dayKey, login.WrappedKey, Bound(login.RequestId, $"key {login.Day:O}", login.Version));
            var userName = Secret.Own(Open(key, login.UserName, Bound(login.RequestId, "user_name", login.Version)));
            return new MirrorLogin(userName, Secret.Own(Open(key, login.Password, Bound(login.RequestId, "password", login.Version))));
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(dayKey);
        }
    }

    static byte[] Bound(Guid request, string field, short version) => Encoding.UTF8.GetBytes($"{request}|{field}|{version}");

    // Nonce, tag, ciphertext. A key seals few texts, each under its own random nonce.
    static byte[] Seal(byte[] key, ReadOnlySpan<byte> text, byte[] bound)
    {
        var packed = new byte[NonceSize + TagSize + text.Length];
        RandomNumberGenerator.Fill(packed.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(packed.AsSpan(0, NonceSize), text, packed.AsSpan(NonceSize + TagSize), packed.AsSpan(NonceSize, TagSize), bound);
        return packed;
    }

    static byte[] Open(byte[] key, byte[] packed, byte[] bound)
    {
        if (packed.Length < NonceSize + TagSize || key.Length != KeySize)
        {
            throw new CryptographicException("too short");
        }

        var text = new byte[packed.Length - NonceSize - TagSize];
        using var cipher = new AesGcm(key, TagSize);
        cipher.Decrypt(packed.AsSpan(0, NonceSize), packed.AsSpan(NonceSize + TagSize), packed.AsSpan(NonceSize, TagSize), text, bound);
        return text;
    }
}
