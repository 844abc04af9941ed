using System.Security.Cryptography;
using System.Text;
using Portal.Access;
using Portal.Huawei;

namespace Portal.Tests.Huawei;

public sealed class RequestSignerTests
{
    const string Sdk = "AccessKey|SecretKey";
    const string Own = "AKEXAMPLE00000000001|skExample/0123456789+abcdefghijklmnopqr";
    const string Vpc = "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd";
    const string SwrHost = "https://swr-api.cn-north-4.myhuaweicloud.com/v2/manage/namespaces/team-a/repos/";

    // Vectors published with the official SDKs (.NET, Java, Python, Go), then four of this project's calls.
    [Theory]
    [InlineData(Sdk, "GET", Vpc + "/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0", "", "20191115T033655Z", "host;x-sdk-date", "fd95e7da6f695cfb4cabbb9d6b0968aec155bc576b064835282473539ae9ea1d", "0e84e7853cf87931d965c80e83bffb15aa865326db3a6f57aa2560a7601dfe18")]
    [InlineData(Sdk, "POST", Vpc + "/vpc/123", """{"key":"value"}""", "20191115T033655Z", "host;x-sdk-date", "b5649aa774f6cac7437631662f08815fc65c70e40e486df6db2436ce68902771", null)]
    [InlineData(Sdk, "GET", "https://service.endpoint.myhuaweicloud.com/resources?size=1", "", "20200608T023900Z", "host;x-sdk-date", "cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842", null)]
    [InlineData(Sdk, "POST", "https://service.endpoint.myhuaweicloud.com/resources?size=1", """{"name":"test","id":1}""", "20200608T023900Z", "host;x-sdk-date", "436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f", null)]
    [InlineData(Sdk, "GET", "https://example.huaweicloud.com/path?limit=1", "", "20060102T150405Z", "x-sdk-date", "5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624", null)]
    [InlineData(Sdk, "POST", "https://example.huaweicloud.com/path?key=value", "{\"Name\":\"test\",\"Id\":1}\n", "20060102T150405Z", "x-sdk-date", "cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59", null)]
    [InlineData(Own, "POST", SwrHost + "backend$order-api/sync_repo", """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr","syncAuto":true,"override":false}""", "20260901T080910Z", "host;x-sdk-date", "d003e681868555ab9479bbf55dea07bce221eb7fd91e7827d6991174e109b744", "02ea8c8d7a950a0a2fe6a5960e0f29817e53f12dbb1b419f4961b7bec4b959a4")]
    [InlineData(Own, "GET", SwrHost + "backend$order-api/sync_job?filter=limit%3A%3A10%7Coffset%3A%3A0%7Corder%3A%3Adesc", "", "20260901T080910Z", "host;x-sdk-date", "09362d5882753993594838af41e9b14f2840fddeeb872724f1bc224d5b084d78", "08ec3325f95f6d0a2e8d1d8ccf8182e0d067ca72d7be132723e093654d0aef9f")]
    [InlineData(Own, "DELETE", SwrHost + "busybox/sync_repo", """{"remoteRegionId":"cn-east-3","remoteNamespace":"team-a-dr"}""", "20260901T080910Z", "host;x-sdk-date", "b14c589e13f1e03a37197c3074bbc050d0514781fad299695d7f42de567ed4b3", "1af6103ace4055382ebb54ca112b35dd98f19ddc21ef943f8909db0793147ae0")]
    [InlineData(Own, "POST", "https://codehub-ext.cn-north-4.myhuaweicloud.com/v4/repositories/2111733/remote-mirror", """{"force_fetch":true}""", "20260901T080910Z", "host;x-project-id;x-sdk-date", "94c853c995244ac07aa3cf6c6fe66bafeef775a425c7e15248d2b61da57d7021", "4f7db20e19d01cfcc101d5f7185ab442523ad08594f912f101fa4f503a0a140b")]
    public void Authorization_of_every_vector_is_reproduced(
        string keys, string method, string url, string body, string date, string names, string signature, string? canonicalHash)
    {
        var (access, secret) = (keys.Split('|')[0], keys.Split('|')[1]);
        var headers = names.Split(';').Select(name => new KeyValuePair<string, string>(name, name switch
        {
            "host" => new Uri(url).Host,
            "x-sdk-date" => date,
            _ => "0605767a5780d5762fb9c003f1c8a9f1",
        })).ToList();
        var bytes = Encoding.UTF8.GetBytes(body);

        var authorization = RequestSigner.Authorization(new HttpMethod(method), new Uri(url), headers, bytes, date, access, new Secret(secret));

        Assert.Equal($"SDK-HMAC-SHA256 Access={access}, SignedHeaders={names}, Signature={signature}", authorization);
        var canonical = RequestSigner.CanonicalRequest(new HttpMethod(method), new Uri(url), headers, bytes);
        if (canonicalHash is not null)
            Assert.Equal(canonicalHash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
    }

    [Fact]
    public void CanonicalRequest_of_a_path_with_a_dollar_is_written_line_by_line()
    {
        var url = new Uri(SwrHost + "backend$order-api/sync_job?filter=limit%3A%3A10%7Coffset%3A%3A0%7Corder%3A%3Adesc");

        var canonical = RequestSigner.CanonicalRequest(
            HttpMethod.Get, url, [new("Host", url.Host), new("X-Sdk-Date", "20260901T080910Z")], []);

        Assert.Equal(
            """
            GET
            /v2/manage/namespaces/team-a/repos/backend%24order-api/sync_job/
            filter=limit%3A%3A10%7Coffset%3A%3A0%7Corder%3A%3Adesc
            host:swr-api.cn-north-4.myhuaweicloud.com
            x-sdk-date:20260901T080910Z

            host;x-sdk-date
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
            """, canonical);
    }

    [Fact]
    public void CanonicalRequest_encodes_and_sorts_the_query_as_the_sdk_does()
    {
        var url = new HuaweiEndpoints().UrlOf(new CloudCall
        {
            Service = CloudService.Swr,
            Region = "cn-north-4",
            Method = HttpMethod.Get,
            Path = "/x",
            Query =
            [
                new("limit", "1"), new("enable", "true"), new("test", "一 (&=?!#%.*)"), new("path", "/tmp/123"),
                new("multi", "3"), new("multi", "1"), new("multi", "2"),
            ],
        });

        var query = RequestSigner.CanonicalRequest(HttpMethod.Get, url, [], []).Split('\n')[2];

        Assert.Equal("enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29", query);
    }

    [Fact]
    public void CanonicalRequest_without_a_query_keeps_the_empty_line_and_an_empty_value_keeps_its_sign()
    {
        Assert.Equal("", RequestSigner.CanonicalRequest(HttpMethod.Get, new Uri("https://a.example/x"), [], []).Split('\n')[2]);
        Assert.Equal("a=&b=", RequestSigner.CanonicalRequest(HttpMethod.Get, new Uri("https://a.example/x?b&a="), [], []).Split('\n')[2]);
    }

    [Theory]
    [InlineData("https://a.example/x", "a.example")]
    [InlineData("https://a.example:443/x", "a.example")]
    [InlineData("http://127.0.0.1:6001/x", "127.0.0.1:6001")]
    [InlineData("http://[::1]:6001/x", "[::1]:6001")]
    public void HostOf_names_the_port_only_when_it_is_not_the_usual_one(string url, string host) =>
        Assert.Equal(host, RequestSigner.HostOf(new Uri(url)));
}
