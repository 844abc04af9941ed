using System.Globalization;
using System.Security.Cryptography;
using CsvHelper;

namespace Portal.Audit;

/// <summary>
/// Audit rows for spreadsheets: RFC 4180, every field quoted, UTF-8 with the mark that Excel looks for. The last column is the
/// SHA-256 of the exact bytes, so that each line can be matched with the JSONL export, which is the evidence.
/// </summary>
public static class CsvRows
{
    static readonly string[] Header =
    [
        "at", "id", "kind", "actor_id", "actor_name", "actor_address", "request", "seq", "node", "http_status", "error_code", "jid", "facts", "raw_sha256",
    ];

    static readonly CsvWriterOptions Options = new() { Quoting = CsvQuoting.Always, WriteByteOrderMark = true };

    // What spreadsheets take for the beginning of a formula (OWASP, CSV injection). CsvHelper's own guard knows the ASCII ones only.
    const string Triggers = "=+-@\t\r\n\0＝＋－＠";

    /// <summary>Writes a header and one record a row; the stream stays open.</summary>
    public static async Task WriteAsync(IAsyncEnumerable<AuditEvent> rows, Stream stream, CancellationToken token)
    {
        await using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        await csv.WriteRecordAsync(Header, token);
        await foreach (var row in rows.WithCancellation(token))
        {
            await csv.WriteRecordAsync([.. CellsOf(row).Select(Guard)], token);
        }
    }

    /// <summary>
    /// The text as a cell that no spreadsheet calculates: what begins like a formula, white space aside, gets a leading apostrophe.
    /// </summary>
    public static string Guard(string cell)
    {
        var begin = cell.AsSpan().TrimStart();
        return (begin.Length > 0 && Triggers.Contains(begin[0], StringComparison.Ordinal))
            || (cell.Length > 0 && Triggers.Contains(cell[0], StringComparison.Ordinal)) ? "'" + cell : cell;
    }

    static string[] CellsOf(AuditEvent row)
    {
        var document = AuditDocument.Read(row.Doc);
        return
        [
            AuditDocument.Exact(row.At), row.Id.ToString(), row.Kind, row.ActorId, row.ActorName, document.Address ?? "", row.RequestId?.ToString() ?? "",
            Number(row.Seq), row.Node, Number(row.HttpStatus), row.ErrorCode ?? "", row.Jid ?? "",
            CanonicalJson.ToText(document.Facts), Convert.ToHexStringLower(SHA256.HashData(row.Raw)),
        ];
    }

    static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
