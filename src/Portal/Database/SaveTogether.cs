using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Portal.Database;

/// <summary>
/// Saves many rows with few statements: one for all rows of a table that change the same columns, with an array for each column, where Entity
/// Framework sends one for each row. For work that comes in batches; the rows that change must be locked by the same transaction, because
/// nothing else is compared.
/// </summary>
public static class SaveTogether
{
    /// <summary>
    /// Writes what the context tracks as added or changed. Values that the database makes are not read back.
    /// Throws <see cref="DbUpdateException"/> as <c>SaveChanges</c> does, and <see cref="DbUpdateConcurrencyException"/> when a row is gone.
    /// </summary>
    public static async Task SaveTogetherAsync(this PortalDb db, CancellationToken token)
    {
        var changes = db.ChangeTracker.Entries().Where(entry => entry.State != EntityState.Unchanged).ToList();
        if (changes.Exists(entry => entry.State == EntityState.Deleted))
        {
            await db.SaveChangesAsync(token);
            return;
        }

        foreach (var group in changes.GroupBy(Shape.Of))
        {
            try
            {
                await WriteAsync(db, group.Key, [.. group], token);
            }
            catch (PostgresException refused)
            {
                throw new DbUpdateException($"{group.Count()} rows of {group.Key.Type.GetTableName()} could not be saved.", refused, [.. group]);
            }
        }

        db.ChangeTracker.AcceptAllChanges();
    }

    static async Task WriteAsync(PortalDb db, Shape shape, IReadOnlyList<EntityEntry> rows, CancellationToken token)
    {
        var parameters = shape.Sent.Select(property => Column(property, rows)).ToArray<object>();
        var written = await db.Database.ExecuteSqlRawAsync(shape.State == EntityState.Added ? Insert(shape) : Update(shape), parameters, token);
        if (written != rows.Count)
        {
            throw new DbUpdateConcurrencyException($"{written} of {rows.Count} rows of {shape.Type.GetTableName()} were there.");
        }
    }

    static string Insert(Shape shape) =>
        $"insert into {Table(shape)} ({List(shape.Sent, Name)}) select {List(shape.Sent, Value)} from {Rows(shape)}";

    static string Update(Shape shape) =>
        $"""
        update {Table(shape)} as kept set {List(shape.Changed, property => $"{Name(property)} = {Value(property)}")}
        from {Rows(shape)} where {string.Join(" and ", shape.Keys.Select(key => $"kept.{Name(key)} = sent.{Name(key)}"))}
        """;

    static string Rows(Shape shape) =>
        $"unnest({string.Join(", ", shape.Sent.Select((_, place) => "{" + place + "}"))}) as sent ({List(shape.Sent, Name)})";

    static string Table(Shape shape) => $"{shape.Type.GetSchema()}.{shape.Type.GetTableName()}";

    static string Name(IProperty property) => property.GetColumnName();

    static string Value(IProperty property) => $"sent.{Name(property)}::{property.GetColumnType()}";

    static string List(IEnumerable<IProperty> properties, Func<IProperty, string> text) => string.Join(", ", properties.Select(text));

    static NpgsqlParameter Column(IProperty property, IReadOnlyList<EntityEntry> rows)
    {
        var converter = property.GetTypeMapping().Converter;
        var type = converter?.ProviderClrType ?? property.ClrType;
        var element = type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;
        var values = Array.CreateInstance(element, rows.Count);
        for (var row = 0; row < rows.Count; row++)
        {
            var value = rows[row].Property(property).CurrentValue;
            values.SetValue(converter is null || value is null ? value : converter.ConvertToProvider(value), row);
        }

        return new NpgsqlParameter { Value = values };
    }

    /// <summary>What one statement can write: rows of one table that are new, or of which the same columns changed.</summary>
    sealed record Shape(IEntityType Type, EntityState State, string Columns)
    {
        public IReadOnlyList<IProperty> Keys { get; } = Type.FindPrimaryKey()!.Properties;

        public IEnumerable<IProperty> Changed => Columns.Split(',').Select(name => Type.FindProperty(name)!);

        /// <summary>The columns of the arrays.</summary>
        public IReadOnlyList<IProperty> Sent { get; private init; } = [];

        public static Shape Of(EntityEntry entry)
        {
            var columns = entry.State == EntityState.Added
                ? entry.Properties.Where(value => !IsMadeByDatabase(value.Metadata))
                : entry.Properties.Where(value => value.IsModified);
            var shape = new Shape(entry.Metadata, entry.State, string.Join(',', columns.Select(value => value.Metadata.Name)));
            return shape with { Sent = [.. entry.State == EntityState.Added ? [] : shape.Keys, .. shape.Changed] };
        }

        static bool IsMadeByDatabase(IProperty property) =>
            property.GetDefaultValueSql() is not null || property.GetComputedColumnSql() is not null || property.ValueGenerated == ValueGenerated.OnAddOrUpdate;

        public bool Equals(Shape? other) => other is not null && Type == other.Type && State == other.State && Columns == other.Columns;

        public override int GetHashCode() => HashCode.Combine(Type, State, Columns);
    }
}
