using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;
using Portal.Database;

namespace Portal.Migrations;

/// <summary>Makes the model for <c>dotnet ef migrations add</c>; never connects.</summary>
public sealed class PortalDbFactory : IDesignTimeDbContextFactory<PortalDb>
{
    public PortalDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PortalDb>();
        DatabaseFeature.Configure(options, NpgsqlDataSource.Create("Host=unused"));
        return new PortalDb(options.Options);
    }
}
