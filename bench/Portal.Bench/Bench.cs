using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Database;
using Portal.Migrations;

namespace Portal.Bench;

/// <summary>One migrated database, one instant cloud and one node of the portal, for all lines of a run.</summary>
public sealed partial class Bench : IAsyncDisposable
{
    readonly string pgbench;

    Bench(string pgbench, string superuser, Answerer cloud, IHost node)
    {
        (this.pgbench, Superuser, Cloud, Node) = (pgbench, superuser, cloud, node);
        Database = NpgsqlDataSource.Create(superuser);
    }

    /// <summary>Name of the database.</summary>
    public const string DatabaseName = "portal_bench";

    public Results Results { get; } = new();

    /// <summary>Connection string as superuser: to prepare and to clean up.</summary>
    public string Superuser { get; }

    public NpgsqlDataSource Database { get; }

    public Answerer Cloud { get; }

    /// <summary>The portal's own services, without pages; its workers are started by the lines that need them.</summary>
    public IHost Node { get; }

    /// <summary>Makes the database and starts everything.</summary>
    public static async Task<Bench> StartAsync(string connection, string pgbench)
    {
        await using (var server = NpgsqlDataSource.Create(connection))
        {
            foreach (var sql in (string[])
                [
                    $"drop database if exists {DatabaseName} with (force)",
                    "do $$ begin if not exists (select from pg_roles where rolname = 'portal_owner') then create role portal_owner login createrole; end if; end $$",
                    $"create database {DatabaseName} owner portal_owner",
                ])
            {
                await using var command = server.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
            }
        }

        var superuser = new NpgsqlConnectionStringBuilder(connection) { Database = DatabaseName };
        var owner = new NpgsqlConnectionStringBuilder(superuser.ConnectionString) { Username = "portal_owner" };
        await using (var source = NpgsqlDataSource.Create(owner))
        {
            var options = new DbContextOptionsBuilder<PortalDb>();
            DatabaseFeature.Configure(options, source);
            await using var db = new PortalDb(options.Options);
            await db.Database.MigrateAsync();
            await AppRole.GrantAsync(source);
        }

        var app = new NpgsqlConnectionStringBuilder(superuser.ConnectionString)
        {
            Username = "portal_app",
            MaxPoolSize = 40,
            MaxAutoPrepare = 50,
        };
        var cloud = await Answerer.StartAsync();
        return new Bench(pgbench, superuser.ConnectionString, cloud, BuildNode(app.ConnectionString, cloud));
    }

    static IHost BuildNode(string connection, Answerer cloud)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production", DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = connection,
            ["Huawei:AccessKey"] = "BENCHACCESSKEY",
            ["Huawei:SecretKey"] = "bench-secret-key",
            ["Huawei:SourceRegion"] = "cn-north-4",
            ["Huawei:Regions:0"] = "cn-north-4",
            ["Huawei:Regions:1"] = "cn-east-3",
            ["Huawei:Endpoints:Iam"] = cloud.Address + "/iam/{region}",
            ["Huawei:Endpoints:Swr"] = cloud.Address + "/swr/{region}",
            ["Huawei:Endpoints:CodeArtsRepo"] = cloud.Address + "/codearts/{region}",
            ["Huawei:TimeoutSeconds"] = "30",
            ["Dispatch:Enabled"] = "false",
            ["Limits:Enabled"] = "false",
            ["Dispatch:Rates:Default:PerSecond"] = "100000",
            ["Dispatch:Rates:Default:Burst"] = "100000",
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPortal(builder.Configuration);
        return builder.Build();
    }

    /// <summary>Runs SQL as superuser.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The single value of a query.</summary>
    public async Task<T> ValueAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Transactions per second of a pgbench script, as the portal's role, with prepared statements.</summary>
    public async Task<double> PgBenchAsync(string script, int clients, string limit)
    {
        var to = new NpgsqlConnectionStringBuilder(Superuser);
        var file = Path.Combine(AppContext.BaseDirectory, script);
        await using (var resource = typeof(Bench).Assembly.GetManifestResourceStream($"sql/{script}")!)
        await using (var copy = File.Create(file))
        {
            await resource.CopyToAsync(copy);
        }

        var start = new ProcessStartInfo(pgbench)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-n", "-M", "prepared", "-c", clients.ToString(CultureInfo.InvariantCulture), "-j", "2", .. limit.Split(' '),
            "-h", to.Host!, "-p", to.Port.ToString(CultureInfo.InvariantCulture), "-U", "portal_app", "-f", file, DatabaseName])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var rate = RatePattern().Match(output);
        return rate.Success && process.ExitCode == 0
            ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench {script} failed: {output} {await error}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        await Cloud.DisposeAsync();
        await Database.DisposeAsync();
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex RatePattern();
}
