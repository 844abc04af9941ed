using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using NpgsqlTypes;

namespace Portal.SignIn;

/// <summary>A name that may be used once, and was: a sign-in's state, a logout token's <c>jti</c>.</summary>
public sealed class UsedName
{
    /// <summary>What the name is of.</summary>
    public required string Use { get; init; }

    /// <summary>SHA-256 of the name.</summary>
    public required byte[] NameHash { get; init; }

    /// <summary>From when on nothing that carries the name would be taken anyway.</summary>
    public required DateTimeOffset Until { get; init; }
}

sealed class UsedNameMapping : IEntityTypeConfiguration<UsedName>
{
    public void Configure(EntityTypeBuilder<UsedName> builder)
    {
        builder.ToTable("used_name");
        builder.HasKey(used => new { used.Use, used.NameHash });
        builder.Property(used => used.Use).HasMaxLength(40);
        builder.HasIndex(used => used.Until);
    }
}

/// <summary>Says yes once for each name, whichever node asks: the row decides.</summary>
public sealed class UsedOnce(NpgsqlDataSource database)
{
    /// <summary>True for the first who asks, on any node. The name is forgotten after <paramref name="keep"/>, when it must be void for another reason.</summary>
    public async Task<bool> TakeAsync(string use, byte[] nameHash, TimeSpan keep, CancellationToken token)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from portal.used_name where until < now()"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "insert into portal.used_name (use, name_hash, until) values ($1, $2, now() + $3) on conflict do nothing")
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = use },
                new NpgsqlParameter<byte[]> { TypedValue = nameHash },
                new NpgsqlParameter<TimeSpan> { TypedValue = keep, NpgsqlDbType = NpgsqlDbType.Interval },
            },
        });
        await batch.ExecuteNonQueryAsync(token);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}
