using System.Text;

namespace Portal.Huawei;

/// <summary>Writes a call as a curl command that can be pasted into a POSIX shell and carries no secret.</summary>
static class Curl
{
    public static string Of(CloudCall call, Uri url)
    {
        var command = new StringBuilder();
        // --globoff: otherwise curl itself expands [ ] and { } in the address.
        command.Append("curl --globoff --request ").Append(call.Method).Append(' ').Append(Quoted(url.AbsoluteUri));
        command.Append(" \\\n  --header \"X-Auth-Token: $HUAWEI_TOKEN\"");
        command.Append(" \\\n  --header 'Content-Type: application/json'");
        if (call.Body is not null)
            command.Append(" \\\n  --data-raw ").Append(Quoted(call.RedactedBody()));
        return command.ToString();
    }

    static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
