using Portal.Tests.Support;

namespace Portal.BrowserTests.Support;

/// <summary>
/// A test with people at browsers. When it ends, none of them may have seen an error, a failed request, a font file or a request to
/// another host, and the portal may not have logged an error.
/// </summary>
public abstract class BrowserTest(PortalFixture fixture) : IAsyncLifetime
{
    readonly List<Person> people = [];

    /// <summary>The portal that the people use.</summary>
    protected virtual PortalProcess Portal => fixture.Portal;

    /// <summary>Its database.</summary>
    protected virtual PortalDatabase Database => fixture.Database;

    /// <summary>Its cloud.</summary>
    protected virtual SimulatorProcess Simulator => fixture.Simulator;

    /// <summary>For portals of a test's own.</summary>
    protected PortalFixture Fixture => fixture;

    /// <summary>Somebody who is not signed in.</summary>
    protected async Task<Person> ArriveAsync(string language = "en", string? session = null, string? provider = null)
    {
        var person = await Person.ArriveAsync(fixture.Browser, Portal.Address, language, session, provider);
        people.Add(person);
        return person;
    }

    /// <summary>Somebody who is signed in as a persona and came to the page.</summary>
    protected async Task<Person> SignInAsync(string persona, string path = "/", string language = "en")
    {
        var person = await ArriveAsync(language, await fixture.SessionAsync(Portal.Address, persona));
        await person.Page.GotoAsync(path);
        await person.Page.Locator("h1").First.WaitForAsync();
        return person;
    }

    /// <summary>Writes to the test's output.</summary>
    protected static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <inheritdoc />
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        List<string> trouble = [];
        foreach (var (person, number) in people.Select((person, index) => (person, index + 1)))
        {
            await KeepPictureAsync(person, number);
            trouble.AddRange(person.TakeTrouble());
            await person.DisposeAsync();
        }

        trouble.AddRange(Portal.TakeErrors().Select(line => $"portal: {line}"));
        Assert.True(trouble.Count == 0, string.Join('\n', trouble));
    }

    // What the person saw when a test failed says more than the message.
    static async Task KeepPictureAsync(Person person, int number)
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            var name = $"{TestContext.Current.TestClass?.TestClassSimpleName}.{TestContext.Current.TestMethod?.MethodName}.{number}.png";
            await person.Page.ScreenshotAsync(new() { Path = Path.Combine(Programs.Repository, "TestResults", name), FullPage = true });
        }
    }
}
