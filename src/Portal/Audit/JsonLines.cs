using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portal.Audit;

/// <summary>
/// Audit rows as evidence: one JSON object a line, with members to read and <c>raw</c>, the exact canonical bytes in base64. A hash of the
/// row is a hash of <c>raw</c>.
/// </summary>
public static class JsonLines
{
    const int FlushAt = 32 * 1024;

    // Letters as they are: this is a file, never part of a page.
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one line a row; the stream stays open.</summary>
    public static async Task WriteAsync(IAsyncEnumerable<AuditEvent> rows, Stream stream, CancellationToken token)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * FlushAt);
        await using var json = new Utf8JsonWriter(buffer, Options);
        await foreach (var row in rows.WithCancellation(token))
        {
            WriteLine(json, row);
            await json.FlushAsync(token);
            json.Reset();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount >= FlushAt)
            {
                await stream.WriteAsync(buffer.WrittenMemory, token);
                buffer.ResetWrittenCount();
            }
        }

        await stream.WriteAsync(buffer.WrittenMemory, token);
    }

    static void WriteLine(Utf8JsonWriter json, AuditEvent row)
    {
        var document = AuditDocument.Read(row.Doc);
        json.WriteStartObject();
        json.WriteString("at", AuditDocument.Exact(row.At));
        json.WriteString("id", row.Id);
        json.WriteString("kind", row.Kind);
        json.WriteStartObject("actor");
        json.WriteString("id", row.ActorId);
        json.WriteString("name", row.ActorName);
        json.WriteStartArray("roles");
        foreach (var role in document.Roles)
        {
            json.WriteStringValue(role);
        }

        json.WriteEndArray();
        json.WriteString("address", document.Address);
        json.WriteEndObject();
        json.WriteString("request", row.RequestId?.ToString());
        json.WritePropertyName("seq");
        JsonSerializer.Serialize(json, row.Seq);
        json.WriteString("node", row.Node);
        json.WritePropertyName("facts");
        document.Facts.WriteTo(json);
        json.WriteBase64String("raw", row.Raw);
        json.WriteEndObject();
    }
}
