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
        // What a folder holds may be repaired while the portal runs; that there is one is a matter of the settings.
        if (options.CredentialsFolder.Length > 0)
            return Directory.Exists(options.CredentialsFolder) ? [] : [$"Huawei:CredentialsFolder '{options.CredentialsFolder}' is not a folder that can be read."];
        return CloudCredentials.Of(options).Problems().Select(found => $"Huawei:{found.Name} {found.Problem}");
    }
}
