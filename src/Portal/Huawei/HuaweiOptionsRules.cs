using Microsoft.Extensions.Options;

namespace Portal.Huawei;

/// <summary>Checks the section "Huawei" at start; every message names the setting and never shows a credential.</summary>
public sealed class HuaweiOptionsRules : IValidateOptions<HuaweiOptions>
{
    public ValidateOptionsResult Validate(string? name, HuaweiOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    static IEnumerable<string> Problems(HuaweiOptions options)
    {
        if (options.TimeoutSeconds is < 1 or > 300)
            yield return $"Huawei:TimeoutSeconds is {options.TimeoutSeconds}; it must be from 1 to 300.";

        foreach (var (region, index) in options.Regions.Select((region, index) => (region, index)))
        {
            if (!Regions.IsId(region))
                yield return $"Huawei:Regions:{index} '{region}' is not a region id such as cn-north-4.";
        }

        if (!Regions.IsId(options.SourceRegion))
            yield return $"Huawei:SourceRegion '{options.SourceRegion}' is not a region id such as cn-north-4.";
        else if (options.Regions.Count > 0 && !options.Regions.Contains(options.SourceRegion))
            yield return $"Huawei:SourceRegion '{options.SourceRegion}' is not listed in Huawei:Regions.";

        foreach (var problem in EndpointProblems(options.Endpoints).Concat(CredentialProblems(options)))
            yield return problem;
    }

    static IEnumerable<string> EndpointProblems(HuaweiEndpoints endpoints)
    {
        (string Setting, string Value)[] all =
        [
            ("Iam", endpoints.Iam), ("Swr", endpoints.Swr), ("CodeArtsRepo", endpoints.CodeArtsRepo),
            .. endpoints.IamByRegion.Select(pair => ($"IamByRegion:{pair.Key}", pair.Value)),
            .. endpoints.SwrByRegion.Select(pair => ($"SwrByRegion:{pair.Key}", pair.Value)),
            .. endpoints.CodeArtsRepoByRegion.Select(pair => ($"CodeArtsRepoByRegion:{pair.Key}", pair.Value)),
        ];
        foreach (var (setting, value) in all)
        {
            if (EndpointProblem(value) is { } problem)
                yield return $"Huawei:Endpoints:{setting} {problem}";
        }
    }

    static string? EndpointProblem(string value)
    {
        if (!Uri.TryCreate(value.Replace("{region}", "cn-north-4", StringComparison.Ordinal), UriKind.Absolute, out var url)
            || url.Host.Length == 0)
            return "is not an absolute address such as https://swr-api.{region}.myhuaweicloud.com.";
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return "must not contain credentials, a query or a fragment.";
        if (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)
            return null;
        return $"must be https; http is allowed only for a loopback address, and '{url.Host}' is not one.";
    }

    static IEnumerable<string> CredentialProblems(HuaweiOptions options)
    {
        (string Setting, string Value)[] needed = options.Authentication == CloudAuthentication.Password
            ? [("Account", options.Account), ("User", options.User), ("Password", options.Password)]
            : [("AccessKey", options.AccessKey), ("SecretKey", options.SecretKey)];
        if (needed.Any(field => field.Value.Length > 0))
        {
            foreach (var (setting, _) in needed.Where(field => field.Value.Length == 0))
                yield return $"Huawei:{setting} is empty, although others for Huawei:Authentication {options.Authentication} are set.";
        }

        // These two become header values; anything else in them is a slip of copy and paste.
        foreach (var (setting, value) in new[] { ("AccessKey", options.AccessKey), ("SecurityToken", options.SecurityToken) })
        {
            if (value.Any(character => character is <= ' ' or > '~'))
                yield return $"Huawei:{setting} contains a space or a character that a header cannot carry.";
        }
    }
}
