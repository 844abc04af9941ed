using Microsoft.Extensions.Configuration;
using Portal.Access;

namespace Portal.Tests.Access;

/// <summary>What is for trying out is refused where real people work, and the message names the setting.</summary>
public sealed class UnsafeSettingsTests
{
    [Theory]
    [InlineData("SignIn:Personas", "true", "SignIn:Personas")]
    [InlineData("detailedErrors", "true", "detailedErrors")]
    [InlineData("Limits:Enabled", "false", "Limits:Enabled")]
    [InlineData("Huawei:AccessKey", "SIMULATORACCESSKEY01", "Huawei:AccessKey")]
    [InlineData("Huawei:Endpoints:Iam", "http://iam.{region}.example.com", "Huawei:Endpoints:Iam")]
    [InlineData("Huawei:Endpoints:Swr", "http://127.0.0.1:6001/swr/{region}", "Huawei:Endpoints:Swr")]
    [InlineData("Huawei:Endpoints:CodeArtsRepo", "ftp://codehub.example.com", "Huawei:Endpoints:CodeArtsRepo")]
    public void Setting_for_trying_out_is_refused_outside_development_and_allowed_in_it(string name, string value, string named)
    {
        foreach (var environment in new[] { "Production", "Staging" })
        {
            Assert.Contains(named, Assert.Throws<RefusedSettingException>(() => Guard(environment, (name, value))).Message, StringComparison.Ordinal);
        }

        Guard("Development", (name, value));
    }

    [Fact]
    public void Settings_of_a_real_installation_are_allowed() => Guard(
        "Production", ("SignIn:Personas", "false"), ("detailedErrors", "false"), ("Huawei:AccessKey", "HPUA1234567890ABCDEF"),
        ("Huawei:Endpoints:Iam", "https://iam.{region}.myhuaweicloud.com"), ("Huawei:Endpoints:Swr", "HTTPS://swr-api.{region}.myhuaweicloud.com"));

    static void Guard(string environment, params (string Name, string Value)[] settings) => UnsafeSettings.Guard(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build(),
        new NamedEnvironment(environment));
}
