using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.SignIn;
using Portal.Tests.SignIn;
using Portal.Tests.Support;

namespace Portal.Tests.Access.Matrix;

/// <summary>
/// Who may do what, tried: every public method that takes an actor, every endpoint and every page, for each role alone, for nobody and for
/// somebody without a role, on their own and on other people's objects. docs/permissions.md is what came of it, word for word.
/// </summary>
public sealed class PermissionMatrixTests(PostgresFixture postgres) : IAsyncLifetime
{
    const string Document = "docs/permissions.md";
    const string Nothing = "–";

    TestDatabase database = null!;
    PortalHost node = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static Assembly Portal => typeof(PortalServices).Assembly;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.CreateAsync();
        node = PortalHost.WithoutCloud(database);
        foreach (var column in Column.All.Where(column => column.IsKnown))
        {
            await database.SessionService().BeginAsync(new Identity(column.Actor.Id, column.Actor.Name, column.Roles), new SignInOrigin(null, null), Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public void Every_method_that_takes_an_actor_is_tried_or_is_said_to_be_no_door()
    {
        var found = Portal.GetTypes().SelectMany(Methods).Where(TakesActor).Select(NameOf).Distinct().Order(StringComparer.Ordinal);

        AssertSame(Row.All.Select(row => row.Method).Concat(Row.NoDoor.Keys).Distinct(), found);
    }

    [Fact]
    public void Every_other_public_method_of_a_service_is_said_to_need_no_person()
    {
        var services = new ServiceCollection();
        services.AddPortal(PortalHost.SettingsFor(database, service => $"http://127.0.0.1:1/{service}"));
        services.AddSignIn(PortalHost.SettingsFor(database, service => $"http://127.0.0.1:1/{service}"), new NamedEnvironment("Production"));
        var types = services.SelectMany(service => new[] { service.ServiceType, service.ImplementationType, service.ImplementationInstance?.GetType() })
            .OfType<Type>().Where(type => type.Assembly == Portal && type.IsVisible && !type.IsInterface).Distinct();
        var found = types.SelectMany(type => Methods(type).Where(method => !TakesActor(method) && !method.IsStatic)
            .Select(method => NoPerson.Reasons.ContainsKey(type.Name) ? type.Name : NameOf(method)));

        AssertSame(NoPerson.Reasons.Keys, found.Distinct());
    }

    static void AssertSame(IEnumerable<string> listed, IEnumerable<string> found)
    {
        var (before, now) = (listed.ToList(), found.ToList());
        Assert.True(
            before.ToHashSet().SetEquals(now), $"Not listed: {string.Join(", ", now.Except(before))}. Listed, and not there: {string.Join(", ", before.Except(now))}.");
    }

    [Fact]
    public async Task Document_says_what_happens()
    {
        var (services, tried) = await ServicesAsync();
        var (addresses, pages, asked) = await AddressesAsync();
        var total = tried + asked;
        var text = new StringBuilder(Preface.Text)
            .Append("\n## What a role may\n\n").Append(Roles())
            .Append("\n## Methods of services\n\n").Append(Preface.Services).Append(services)
            .Append("\n## Pages\n\n").Append(Preface.Pages).Append(pages)
            .Append("\n## Addresses\n\n").Append(Preface.Addresses).Append(addresses)
            .Append("\n## What takes an actor and is no way in\n\n").Append(Reasons(Row.NoDoor))
            .Append("\n## What needs no person\n\n").Append(Preface.NoPerson).Append(Reasons(NoPerson.Reasons))
            .ToString();

        var path = Path.Combine(Repository.Root, Document);
        var written = File.Exists(path) ? await File.ReadAllTextAsync(path, Token) : "";
        var wrong = Differences(written, text);
        TestContext.Current.TestOutputHelper?.WriteLine($"{total} cells, {total - WrongCells(written, text)} as written");
        if (wrong.Count > 0)
        {
            var made = Path.Combine(Repository.Root, "TestResults", "permissions.md");
            Directory.CreateDirectory(Path.GetDirectoryName(made)!);
            await File.WriteAllTextAsync(made, text, Token);
            Assert.Fail($"{Document} does not say what happens (what does is in TestResults/permissions.md):\n{string.Join('\n', wrong)}");
        }
    }

    async Task<(Printed Table, int Tried)> ServicesAsync()
    {
        var table = new Printed(["method", "whose", .. Column.All.Select(column => column.Name)]);
        var tried = 0;
        foreach (var row in Row.All)
        {
            List<string> cells = [];
            foreach (var column in Column.All)
            {
                // Nobody has nothing of their own.
                var isEmpty = !column.IsKnown && row.Object == "own";
                cells.Add(isEmpty ? Nothing : await TryAsync(row, column));
                tried += isEmpty ? 0 : 1;
            }

            table.Add([$"`{row.Method}`", row.Object, .. cells]);
        }

        return (table, tried);
    }

    async Task<string> TryAsync(Row row, Column column)
    {
        var cell = new Cell(node, database, column);
        try
        {
            var before = await cell.DenialsAsync();
            var word = await row.TryAsync(cell);
            return await cell.DenialsAsync() > before ? word + "*" : word;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{row.Method} ({row.Object}) for {column.Name}", failure);
        }
    }

    async Task<(Printed Addresses, Printed Pages, int Asked)> AddressesAsync()
    {
        await using var portal = await RunningPortal.StartAsync(database);
        var browsers = new List<(Column Column, HttpClient Client)>();
        foreach (var column in Column.All)
        {
            browsers.Add((column, await portal.BrowserAsync(column.IsKnown ? column.Actor : null)));
        }

        var (addresses, pages) = (new Printed(["address", .. Column.All.Select(column => column.Name)]), new Printed(["page", .. Column.All.Select(column => column.Name)]));
        var asked = 0;
        foreach (var (name, endpoint) in Named(portal.Endpoints))
        {
            List<string> cells = [];
            var page = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type;
            var thing = page is not null && endpoint.RoutePattern.GetParameter("Id") is not null ? await ThingAsync(page) : Guid.Empty;
            var path = PathOf(endpoint, thing) + (page?.Name == "PersonPage" ? "?id=persona%3ADeveloper" : "");
            foreach (var (column, client) in browsers)
            {
                using var call = new HttpRequestMessage(new HttpMethod(name[..name.IndexOf(' ', StringComparison.Ordinal)]), path);
                using var answer = await client.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, Token);
                var word = RunningPortal.WordOf(answer);
                cells.Add(page is not null && word == "200" && column.IsKnown && AsksWho(page) ? await ShownAsync(page, endpoint, thing, column) : word);
                asked++;
            }

            (page is null ? addresses : pages).Add([$"`{(page is null ? name : endpoint.RoutePattern.RawText)}`", .. cells]);
        }

        browsers.ForEach(browser => browser.Client.Dispose());
        return (addresses, pages, asked);
    }

    async Task<string> ShownAsync(Type page, RouteEndpoint endpoint, Guid thing, Column column)
    {
        var cell = new Cell(node, database, column);
        var session = await cell.SignInAsync(own: true);
        var (parameters, query) = (new Dictionary<string, object>(), "");
        foreach (var parameter in endpoint.RoutePattern.Parameters)
        {
            parameters[parameter.Name] = parameter.Name == "KindName" ? "sync-mirror" : thing;
        }

        if (page.Name == "PersonPage")
        {
            query = "?id=" + Uri.EscapeDataString(await cell.PersonAsync(own: false));
        }

        return await PageShown.SayAsync(database, column.Actor with { Session = session }, page, PathOf(endpoint, thing) + query, parameters);
    }

    // Somebody else's, and what the trail says of it.
    async Task<Guid> ThingAsync(Type page)
    {
        var request = await new Cell(node, database, Column.All[0]).PendingAsync(own: false);
        return page.Namespace == "Portal.Audit" ? (await node.TrailAsync(request))[0].Id : request.Id;
    }

    /// <summary>Each method of each address once; the files that anybody may have are one.</summary>
    static IEnumerable<(string Name, RouteEndpoint Endpoint)> Named(IReadOnlyList<RouteEndpoint> endpoints) =>
        from endpoint in endpoints
        let isFile = endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        let isPage = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        from method in isPage ? ["GET"] : endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        where !isFile || method == "GET"
        let name = isFile ? "GET a file of the portal" : $"{method} {endpoint.RoutePattern.RawText}"
        group endpoint by name into same
        orderby same.Key[(same.Key.IndexOf(' ') + 1)..], same.Key
        select (same.Key, same.First());

    static string PathOf(RouteEndpoint endpoint, Guid thing) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "KindName" } => "sync-mirror",
        _ => thing.ToString(),
    }))));

    static bool AsksWho(Type page) => page.GetCustomAttribute<AuthorizeAttribute>() is not null;

    static Printed Roles()
    {
        var table = new Printed(["permission", .. Permissions.Given.Select(role => role.ToString())]);
        foreach (var permission in Enum.GetValues<Permission>())
        {
            table.Add([$"`{permission}`", .. Permissions.Given.Select(role => Permissions.Allow([role], permission) ? "yes" : "")]);
        }

        return table;
    }

    static Printed Reasons(IReadOnlyDictionary<string, string> reasons)
    {
        var table = new Printed("what", "why");
        foreach (var (what, why) in reasons.OrderBy(reason => reason.Key, StringComparer.Ordinal))
        {
            table.Add($"`{what}`", why);
        }

        return table;
    }

    static List<string> Differences(string written, string happens)
    {
        var (left, right) = (written.Split('\n'), happens.Split('\n'));
        return [.. left.Except(right).Select(line => "written:  " + line), .. right.Except(left).Select(line => "happens:  " + line)];
    }

    /// <summary>How many cells of what happens stand otherwise in what is written; all of a row that is not there.</summary>
    static int WrongCells(string written, string happens)
    {
        var known = written.Split('\n').Select(line => line.Split(" | ")).ToLookup(cells => cells[0], StringComparer.Ordinal);
        return happens.Split('\n').Except(written.Split('\n')).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split(" | ")).Sum(cells =>
            known[cells[0]].Select(row => row.Zip(cells).Count(pair => pair.First != pair.Second)).DefaultIfEmpty(Column.All.Count).Min());
    }

    static IEnumerable<MethodInfo> Methods(Type type) => !type.IsVisible ? [] : type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null && method.GetBaseDefinition().DeclaringType == type);

    static bool TakesActor(MethodInfo method) => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Actor));

    static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
