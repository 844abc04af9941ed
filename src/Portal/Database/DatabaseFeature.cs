using System.Diagnostics;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Portal.Database;

/// <summary>The connection to PostgreSQL, as the role that may not change the audit trail.</summary>
public static class DatabaseFeature
{
    /// <summary>The connection string's name in the settings: <c>ConnectionStrings:Portal</c>.</summary>
    public const string ConnectionName = "Portal";

    /// <summary>Adds the data source, the context factory and the shared key ring. Throws, naming the setting, without a connection string.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrWhiteSpace(connection))
        {
            throw new RefusedSettingException(
                $"ConnectionStrings:{ConnectionName} is empty. Set ConnectionStrings__Portal to the database, as the role portal_app; "
                + "./run.sh makes one of its own.");
        }

        var tuned = Tuned(connection);
        services.AddSingleton(_ => Named(tuned));
        services.AddPooledDbContextFactory<PortalDb>((provider, options) => Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));

        services.AddDataProtection().SetApplicationName("portal").ProtectKeys(KeyCertificates.Read(configuration));
        services.AddSingleton<KeyRing>().AddHostedService<KeyRingCheck>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = provider.GetRequiredService<KeyRing>()));
        return services;
    }

    // By default the pool's name is the connection string, and every poll of a worker would be a trace of its own.
    static NpgsqlDataSource Named(string connection)
    {
        var builder = new NpgsqlDataSourceBuilder(connection) { Name = "portal" };
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null)
            // What is asked, without on which database: the text itself would tell more than anybody needs.
            .ConfigureCommandSpanNameProvider(command => FirstWord(command.CommandText))
            .ConfigureBatchSpanNameProvider(_ => "batch")
            .EnablePhysicalOpenTracing(false));
        return builder.Build();
    }

    // "select", "insert", "with": comments and line breaks before it do not occur.
    static string FirstWord(string sql) => sql.TrimStart().Split((char[])[' ', '\n', '\r'], 2)[0].ToLowerInvariant();

    /// <summary>
    /// The connection string with two defaults of ours where it does not say otherwise: statements that come often are prepared, and a
    /// connection goes back to the pool as it is, because nothing here leaves a session setting behind.
    /// </summary>
    static string Tuned(string connection)
    {
        NpgsqlConnectionStringBuilder given, tuned;
        try
        {
            (given, tuned) = (new(connection), new(connection));
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            // Not the fault's own words: a password with a semicolon in it would stand there as a keyword.
            throw new RefusedSettingException($"ConnectionStrings:{ConnectionName} is no connection string of PostgreSQL, such as Host=db;Database=portal;Username=portal_app.", fault);
        }

        if (!given.ContainsKey("Max Auto Prepare"))
        {
            tuned.MaxAutoPrepare = 60;
        }

        if (!given.ContainsKey("No Reset On Close"))
        {
            tuned.NoResetOnClose = true;
        }

        return tuned.ConnectionString;
    }

    /// <summary>How the portal talks to PostgreSQL. There is no automatic retry: a commit whose answer was lost may have happened.</summary>
    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource database) =>
        options.UseNpgsql(database, npgsql => npgsql.MigrationsAssembly("Portal.Migrations").MigrationsHistoryTable("__ef_migrations_history", "portal"))
            .AddInterceptors(CommittedEvents.Counter)
            // A lost race is expected and handled; whoever does not handle a failed save logs it.
            .ConfigureWarnings(warnings => warnings
                .Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning)
                .Log((CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));
}
