using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Portal.Access;
using Portal.Huawei;
using Portal.Kinds;

namespace Portal.Tests.Access;

/// <summary>A secret shows as three stars, whatever prints it.</summary>
public sealed class SecretTests
{
    const string Canary = "canary-5b1e77/ö+";

    static readonly Secret Value = new(Canary);

    static readonly HuaweiOptions Options = new()
    {
        SecretKey = Value,
        SecurityToken = Value,
        Password = Value,
    };

    static readonly LoginInput Login = new("user-" + Canary, Canary);

    /// <summary>What there is to print: the secret itself, and what carries it.</summary>
    public static TheoryData<string> Carriers => new(Things.Keys);

    static Dictionary<string, object> Things => new()
    {
        ["secret"] = Value,
        ["options"] = Options,
        ["credentials"] = CloudCredentials.Of(Options),
        ["login"] = Login,
        ["mirror login"] = new MirrorLogin(Login.UserName, Login.Password),
        ["record"] = new Carrier("job", Value),
        ["dictionary"] = new Dictionary<string, Secret> { ["password"] = Value },
        ["list"] = new List<Secret> { Value },
    };

    [Theory]
    [MemberData(nameof(Carriers))]
    public void Printing_what_carries_a_secret_shows_none(string name)
    {
        var thing = Things[name];
        using var log = new LogLines();
        var logger = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)).CreateLogger("test");
        var fault = new InvalidOperationException($"It failed with {thing}", new ArgumentException(string.Concat("inside ", thing)));
        logger.LogInformation(fault, "{Thing} {@Destructured}", thing, thing);
        logger.LogError("{Thing:x}", thing);
        using (logger.BeginScope(new Dictionary<string, object> { ["scope"] = thing }))
        {
            logger.LogWarning("{Things}", (object)new List<object> { thing, thing });
        }

        string[] texts =
        [
            thing.ToString()!, $"{thing}", $"{thing:N,40}", string.Format(System.Globalization.CultureInfo.InvariantCulture, "{0,20:x8}", thing),
            string.Concat("a", thing), "a" + thing, fault.ToString(), JsonSerializer.Serialize(thing), JsonSerializer.Serialize(thing, JsonSerializerOptions.Web),
            JsonSerializer.SerializeToNode(thing)!.ToJsonString(), TypeDescriptor.GetConverter(thing).ConvertToInvariantString(thing) ?? "", .. Destructured(thing, 4), .. log.Lines,
        ];

        Assert.True(log.Lines.Count >= 3);
        Assert.All(texts, text => Assert.DoesNotContain("canary", text, StringComparison.OrdinalIgnoreCase));
        Assert.All(texts, text => Assert.DoesNotContain(Convert.ToBase64String(Value.RevealBytes())[..12], text, StringComparison.Ordinal));
    }

    [Fact]
    public void Printing_is_three_stars_and_a_debugger_shows_the_same()
    {
        Assert.Equal("***", $"{Value}");
        Assert.Equal("\"***\"", JsonSerializer.Serialize(Value));
        Assert.Equal("""{"Name":"job","Password":"***"}""", JsonSerializer.Serialize(new Carrier("job", Value)));
        Assert.Equal("""{"***":1}""", JsonSerializer.Serialize(new Dictionary<Secret, int> { [Value] = 1 }));
        Assert.Equal("***", typeof(Secret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.All(
            typeof(Secret).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public),
            field => Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State));
        Assert.DoesNotContain(typeof(Secret).GetMethods(), method => method.Name is "op_Implicit" or "op_Explicit");
    }

    [Fact]
    public void Settings_and_JSON_are_read_into_it()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["SecretKey"] = Canary, ["Password"] = "" }).Build();

        var bound = settings.Get<HuaweiOptions>()!;

        Assert.Equal(Canary, bound.SecretKey.Reveal());
        Assert.True(bound.Password.IsEmpty);
        Assert.True(bound.SecurityToken.IsEmpty);
        Assert.Equal(Canary, JsonSerializer.Deserialize<Carrier>($$"""{"Name":"job","Password":"{{Canary}}"}""")!.Password.Reveal());
    }

    [Fact]
    public void Revealing_gives_exactly_what_was_kept_until_it_is_wiped()
    {
        var bytes = "held"u8.ToArray();
        var secret = Secret.Own(bytes);
        Assert.Equal("held", secret.Reveal());

        secret.Dispose();

        Assert.Equal(new byte[4], bytes);
        Assert.Throws<ObjectDisposedException>(secret.Reveal);
        Assert.Throws<ObjectDisposedException>(() => secret.RevealBytes().Length);
        Secret.None.Dispose();
        Assert.Equal("", Secret.None.Reveal());
    }

    [Fact]
    public void Secrets_are_compared_by_their_values_and_measured_in_characters()
    {
        Assert.True(Value.IsSameAs(new Secret(Canary)));
        Assert.False(Value.IsSameAs(new Secret(Canary + "x")));
        Assert.True(new Secret("ööö").IsLongerThan(2));
        Assert.False(new Secret("ööö").IsLongerThan(3));
    }

    // As a structured logger takes an object apart: every readable public property, some levels deep.
    static IEnumerable<string> Destructured(object thing, int depth) => thing is string text ? [text] : depth == 0 ? [] : thing.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
        .Select(property => property.GetValue(thing))
        .OfType<object>()
        .SelectMany(value => Destructured(value, depth - 1).Append(value.ToString() ?? ""));

    sealed record Carrier(string Name, Secret Password);

    sealed class LogLines : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public bool IsEnabled(LogLevel logLevel) => true;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Add(state);
            return null;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Add(formatter(state, exception) + exception);
            Add(state);
        }

        void Add<TState>(TState state)
        {
            if (state is IEnumerable<KeyValuePair<string, object>> values)
            {
                Lines.AddRange(values.Select(value => $"{value.Key}={value.Value} {JsonSerializer.Serialize(value.Value)}"));
            }
        }

        void IDisposable.Dispose()
        {
        }
    }
}
