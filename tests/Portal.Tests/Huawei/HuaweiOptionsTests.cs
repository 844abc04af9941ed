using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

public sealed class HuaweiOptionsTests
{
    [Theory]
    [InlineData("Endpoints:Swr", "http://swr.example/{region}", "Huawei:Endpoints:Swr must be https; http is allowed only for a loopback address, and 'swr.example' is not one.")]
    [InlineData("Endpoints:Iam", "http://127.0.0.1.example", "Huawei:Endpoints:Iam must be https")]
    [InlineData("Endpoints:Iam", "ftp://127.0.0.1", "Huawei:Endpoints:Iam must be https")]
    [InlineData("Endpoints:CodeArtsRepo", "codehub", "Huawei:Endpoints:CodeArtsRepo is not an absolute address")]
    [InlineData("Endpoints:CodeArtsRepo", "", "Huawei:Endpoints:CodeArtsRepo is not an absolute address")]
    [InlineData("Endpoints:Swr", "https://user:canary@swr.example", "Huawei:Endpoints:Swr must not contain credentials")]
    [InlineData("Endpoints:Swr", "https://swr.example/?x=1", "Huawei:Endpoints:Swr must not contain credentials, a query")]
    [InlineData("Endpoints:CodeArtsRepoByRegion:tr-west-1", "http://x.example", "Huawei:Endpoints:CodeArtsRepoByRegion:tr-west-1 must be https")]
    [InlineData("TimeoutSeconds", "0", "Huawei:TimeoutSeconds is 0; it must be from 1 to 300.")]
    [InlineData("SourceRegion", "cn-north-4.evil.example/", "Huawei:SourceRegion 'cn-north-4.evil.example/' is not a region id")]
    [InlineData("SourceRegion", "cn-north-2", "Huawei:SourceRegion 'cn-north-2' is not listed in Huawei:Regions.")]
    [InlineData("Regions:0", "nowhere", "Huawei:Regions:0 'nowhere' is not a region id")]
    [InlineData("AccessKey", "AK", "Huawei:SecretKey is empty")]
    [InlineData("SecretKey", "canary", "Huawei:AccessKey is empty")]
    [InlineData("CredentialsFolder", "/nowhere/at-all", "Huawei:CredentialsFolder '/nowhere/at-all' is not a folder that can be read.")]
    [InlineData("SecurityToken", "canary\n", "Huawei:SecurityToken contains a space or a character that a header cannot carry.")]
    public async Task Start_with_a_wrong_setting_fails_and_names_it(string setting, string value, string message)
    {
        using var host = HostWith((setting, value));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_with_an_unknown_authentication_fails_and_names_it()
    {
        using var host = HostWith(("Authentication", "Magic"));

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Huawei:Authentication", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:6001/r/{region}")]
    [InlineData("http://[::1]:6001")]
    [InlineData("http://localhost:6001")]
    [InlineData("https://swr-api.{region}.otc.t-systems.com")]
    public async Task Start_without_credentials_and_with_a_good_endpoint_succeeds(string endpoint)
    {
        using var host = HostWith(("Endpoints:Swr", endpoint));

        await host.StartAsync(TestContext.Current.CancellationToken);

        var options = host.Services.GetRequiredService<IOptions<HuaweiOptions>>().Value;
        Assert.False(CloudCredentials.Of(options).AreComplete);
        Assert.Equal(Regions.WithImageSync, options.Regions);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(CloudService.Iam, "cn-north-4", "https://iam.cn-north-4.myhuaweicloud.com/x")]
    [InlineData(CloudService.Swr, "cn-north-4", "https://swr-api.cn-north-4.myhuaweicloud.com/x")]
    [InlineData(CloudService.Swr, "eu-west-101", "https://swr-api.eu-west-101.myhuaweicloud.eu/x")]
    [InlineData(CloudService.CodeArtsRepo, "cn-north-4", "https://codehub-ext.cn-north-4.myhuaweicloud.com/x")]
    [InlineData(CloudService.CodeArtsRepo, "tr-west-1", "https://codeartsrepo-ext.tr-west-1.myhuaweicloud.com/x")]
    [InlineData(CloudService.CodeArtsRepo, "af-south-1", "https://repo.af-south-1.myhuaweicloud.com/x")]
    public void UrlOf_with_the_default_endpoints_finds_the_regions_host(CloudService service, string region, string url) =>
        Assert.Equal(url, new HuaweiEndpoints().UrlOf(Call(service, region)).AbsoluteUri);

    [Fact]
    public void UrlOf_with_a_changed_endpoint_never_falls_back_to_the_real_cloud()
    {
        var endpoints = new HuaweiEndpoints
        {
            CodeArtsRepo = "http://127.0.0.1:6001/codearts/{region}/",
            CodeArtsRepoByRegion = { ["cn-east-3"] = "https://git.example/base" },
        };

        Assert.Equal("http://127.0.0.1:6001/codearts/tr-west-1/x", endpoints.UrlOf(Call(CloudService.CodeArtsRepo, "tr-west-1")).AbsoluteUri);
        Assert.Equal("https://git.example/base/x", endpoints.UrlOf(Call(CloudService.CodeArtsRepo, "cn-east-3")).AbsoluteUri);
    }

    [Theory]
    [InlineData("")]
    [InlineData("evil.example/")]
    [InlineData("cn-north-4.evil.example")]
    [InlineData("cn-north-4#")]
    [InlineData("CN-NORTH-4")]
    [InlineData("cn-north-4\n")]
    public async Task A_region_cannot_choose_the_host(string region)
    {
        Assert.Throws<ArgumentException>(() => new HuaweiEndpoints().UrlOf(Call(CloudService.Swr, region)));
        var answer = await Client.For("http://127.0.0.1:1").SendAsync(Call(CloudService.Swr, region), TestContext.Current.CancellationToken);
        Assert.Equal(AnswerKind.NotSent, answer.Kind);
        Assert.Contains("is not a region id", answer.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cn-north-4", "zh-CN", "华北-北京四")]
    [InlineData("cn-north-4", "en-US", "CN North-Beijing4")]
    [InlineData("cn-east-3", "de-DE", "CN East-Shanghai1")]
    [InlineData("ap-southeast-1", "zh-Hans", "中国-香港")]
    [InlineData("ru-moscow-1", "zh-CN", null)]
    [InlineData("nowhere", "en-US", null)]
    public void NameOf_speaks_the_readers_language(string id, string culture, string? name) =>
        Assert.Equal(name, Regions.NameOf(id, CultureInfo.GetCultureInfo(culture)));

    [Fact]
    public void Every_region_has_the_form_of_one_and_occurs_once()
    {
        Assert.All(Regions.AllIds, id => Assert.True(Regions.IsId(id), id));
        Assert.Equal(35, Regions.AllIds.Distinct().Count());
        Assert.Equal(35, Regions.AllIds.Count);
        Assert.Subset(Regions.AllIds.ToHashSet(), Regions.WithImageSync.ToHashSet());
    }

    static CloudCall Call(CloudService service, string region) => new() { Service = service, Region = region, Method = HttpMethod.Get, Path = "/x" };

    static IHost HostWith((string Name, string Value) setting)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Huawei:" + setting.Name] = setting.Value });
        if (setting.Name == "SourceRegion")
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Huawei:Regions:0"] = "cn-north-4" });
        builder.Services.AddHuawei(builder.Configuration);
        return builder.Build();
    }
}
