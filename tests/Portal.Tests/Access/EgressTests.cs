using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Portal.Access;
using Portal.Tests.Huawei;

namespace Portal.Tests.Access;

public sealed class EgressTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456:789a::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Address_that_is_not_of_the_internet_is_refused(string address) =>
        Assert.False(With().MayConnect("swr.example.com", IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("169.253.1.1")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("2606:4700:4700::1111")]
    public void Address_of_the_internet_is_allowed(string address) => Assert.True(With().MayConnect("swr.example.com", IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.20.3.4", true)]
    [InlineData("::ffff:10.20.3.4", true)]
    [InlineData("10.21.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("fd00:1::5", true)]
    [InlineData("fd00:2::5", false)]
    public void Networks_that_are_set_are_allowed_and_no_others(string address, bool may) => Assert.Equal(
        may, With("10.20.0.0/16", "fd00:1::/32").MayConnect("swr.example.com", IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost", true)]
    [InlineData("::1", true)]
    [InlineData("localhost.example.com", false)]
    [InlineData("10.0.0.1", false)]
    public void This_machine_is_allowed_where_the_list_names_it_itself(string host, bool may) => Assert.Equal(may, With().MayConnect(host, IPAddress.Loopback));

    [Fact]
    public void Network_that_cannot_be_read_is_named() =>
        Assert.Contains("Egress:AllowedNetworks holds '10.0.0.300'", Assert.Throws<RefusedSettingException>(() => With("10.0.0.300")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Name_that_leads_to_this_machine_is_not_connected_to()
    {
        using var wire = Answering();
        var egress = With(resolve: _ => [IPAddress.Loopback, IPAddress.Parse("::1")]);

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(egress, $"http://swr.example.com:{new Uri(wire.Address).Port}/"));

        Assert.Equal("swr.example.com leads to 127.0.0.1, which is no address of the internet", Assert.IsType<EgressRefusedException>(fault.InnerException).Message);
        Assert.Equal(0, wire.Connections);
    }

    [Fact]
    public async Task Name_is_resolved_once_for_a_connection_so_that_a_second_answer_gains_nothing()
    {
        using var wire = Answering();
        var asked = 0;
        // First an address that is fine (and where nobody answers), then this machine.
        var egress = With(["192.0.2.0/24"], _ => asked++ == 0 ? [IPAddress.Parse("192.0.2.1")] : [IPAddress.Loopback]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<Exception>(() => GetAsync(egress, $"http://swr.example.com:{new Uri(wire.Address).Port}/", patience.Token));

        Assert.Equal((1, 0), (asked, wire.Connections));
    }

    [Fact]
    public async Task Host_that_is_not_listed_is_not_even_looked_up()
    {
        var egress = With(resolve: _ => throw new InvalidOperationException("It was looked up."));

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(egress, "http://elsewhere.example.com/"));

        Assert.Equal("the host elsewhere.example.com is not one that the portal calls", Assert.IsType<EgressRefusedException>(fault.InnerException).Message);
    }

    [Fact]
    public async Task Listed_host_in_an_allowed_network_is_connected_to()
    {
        using var wire = Answering();
        var egress = With(["127.0.0.0/8"], _ => [IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]);

        Assert.Equal("ok", await GetAsync(egress, $"http://swr.example.com:{new Uri(wire.Address).Port}/"));
    }

    static async Task<string> GetAsync(Egress egress, string address, CancellationToken? token = null)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        egress.Restrict(handler, host => host == "swr.example.com");
        using var client = new HttpClient(handler);
        return await client.GetStringAsync(new Uri(address), token ?? Token);
    }

    static Wire Answering() => new(async (client, token) =>
    {
        await Wire.ReadRequestAsync(client, token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"), token);
    });

    static Egress With(params string[] networks) => With(networks, null);

    static Egress With(Func<string, IPAddress[]> resolve) => With([], resolve);

    static Egress With(string[] networks, Func<string, IPAddress[]>? resolve)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(networks.Select((network, index) => KeyValuePair.Create($"{Egress.Setting}:{index}", (string?)network))).Build();
        return resolve is null ? new Egress(configuration) : new Egress(configuration) { Resolve = (host, _) => Task.FromResult(resolve(host)) };
    }
}
