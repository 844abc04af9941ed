using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Portal.Huawei;
using Portal.Requests;
using Portal.Shell;

namespace Portal.Tests.Shell;

public sealed class StartFaultsTests
{
    [Theory]
    [InlineData("MirrorPasswords", "Nonsense", "Requests:MirrorPasswords is 'Nonsense'; it must be one of Never, AfterApproval, Sealed.")]
    [InlineData("LoginHoldHours", "long", "Requests:LoginHoldHours is 'long'; it must be a number.")]
    public void Value_that_cannot_be_is_said_with_those_that_can(string name, string value, string sentence)
    {
        var section = Settings(($"Requests:{name}", value)).GetSection("Requests");

        Assert.Equal([sentence], StartFaults.SentencesOf(Assert.ThrowsAny<Exception>(() => section.Get<RequestsOptions>())));
    }

    [Fact]
    public void Enum_of_the_cloud_lists_its_values()
    {
        var section = Settings(("Huawei:Authentication", "Token")).GetSection("Huawei");

        Assert.Equal(
            ["Huawei:Authentication is 'Token'; it must be one of AccessKey, Password."], StartFaults.SentencesOf(Assert.ThrowsAny<Exception>(() => section.Get<HuaweiOptions>())));
    }

    [Fact]
    public void Several_refusals_are_a_sentence_each() => Assert.Equal(["A is.", "B is.", "C is."], StartFaults.SentencesOf(new AggregateException(
        new OptionsValidationException("", typeof(object), ["A is.", "B is."]), new RefusedSettingException("C is."))));

    [Fact]
    public void What_is_no_refused_setting_keeps_its_stack_trace()
    {
        Assert.Empty(StartFaults.SentencesOf(new InvalidOperationException("inside")));
        Assert.Empty(StartFaults.SentencesOf(new AggregateException(new RefusedSettingException("A is."), new IOException("inside"))));
    }

    static IConfigurationRoot Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value))).Build();
}
