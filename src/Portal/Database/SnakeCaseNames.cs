using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Npgsql.NameTranslation;

namespace Portal.Database;

/// <summary>Names every column in snake_case, so that SQL by hand needs no quotes. Tables are named in their mappings.</summary>
public sealed class SnakeCaseNames : IModelFinalizingConvention
{
    /// <inheritdoc />
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var property in modelBuilder.Metadata.GetEntityTypes().SelectMany(entity => entity.GetDeclaredProperties()))
        {
            // The row version is PostgreSQL's own column and keeps its name.
            if (!property.IsConcurrencyToken || property.ClrType != typeof(uint))
            {
                property.Builder.HasColumnName(NpgsqlSnakeCaseNameTranslator.ConvertToSnakeCase(property.Name));
            }
        }
    }
}
