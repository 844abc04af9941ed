using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Portal.Shell;

/// <summary>
/// Two questions for whoever watches the process: does it live (<c>/health/live</c>), and can it do its work (<c>/health/ready</c>)?
/// Not ready means: the database is away, not migrated, or does not take audit rows; nothing is sent then.
/// </summary>
public static class Health
{
    /// <summary>Adds the checks.</summary>
    public static IServiceCollection AddPortalHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: ["ready"]);
        return services;
    }

    /// <summary>Maps both addresses; anybody may ask, and learns only the word.</summary>
    public static void MapPortalHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") }).AllowAnonymous();
    }

    sealed class DatabaseCheck(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = database.CreateCommand("select has_column_privilege('audit.event', 'raw', 'insert')");
                return await command.ExecuteScalarAsync(cancellationToken) is true
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy("audit.event does not take rows from this role");
            }
            catch (NpgsqlException failure)
            {
                return HealthCheckResult.Unhealthy("the database does not answer, or is not migrated", failure);
            }
        }
    }
}
