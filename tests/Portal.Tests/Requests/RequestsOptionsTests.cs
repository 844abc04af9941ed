using Microsoft.Extensions.Options;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

public sealed class RequestsOptionsTests(PostgresFixture postgres, CloudFixture clouds) : PortalTest(postgres, clouds)
{
    [Fact]
    public async Task Start_with_sealed_passwords_and_no_folder_for_their_keys_fails_and_names_it()
    {
        await using var node = PortalHost.On(Database, Cloud, ("Requests:MirrorPasswords", "Sealed"));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(node.StartAsync);

        Assert.Contains("Requests:DayKeyFolder", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_of_before_is_refused_and_names_the_new_one()
    {
        var fault = Assert.Throws<RefusedSettingException>(() => PortalHost.On(Database, Cloud, ("Requests:AllowMirrorPasswords", "true")));

        Assert.Contains("Requests:MirrorPasswords", fault.Message, StringComparison.Ordinal);
    }
}
