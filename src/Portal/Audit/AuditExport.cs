using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Database;

namespace Portal.Audit;

/// <summary>How an export is written.</summary>
public enum ExportFormat
{
    /// <summary>For spreadsheets. Not evidence: cells that a spreadsheet would calculate are made harmless, which changes them.</summary>
    Csv,

    /// <summary>One JSON object a line, with the exact bytes of each row: the form to prove something with.</summary>
    Jsonl,
}

/// <summary>
/// An export under way: an open snapshot of the rows, already recorded as <see cref="AuditKind.ExportCreated"/>. Rows flow from the
/// database to the reader one by one; nothing is kept.
/// </summary>
public sealed class AuditExport : IAsyncDisposable
{
    readonly PortalDb db;
    readonly IQueryable<AuditEvent> rows;
    readonly AuditTrail trail;
    readonly Actor actor;

    internal AuditExport(PortalDb db, IQueryable<AuditEvent> rows, AuditTrail trail, Actor actor) =>
        (this.db, this.rows, this.trail, this.actor) = (db, rows, trail, actor);

    /// <summary>Ties the two audit events of one export together.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>How it is written.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>How many rows it has: exact, because count and rows see the same snapshot.</summary>
    public required long Rows { get; init; }

    /// <summary>The MIME type of the format.</summary>
    public string ContentType => Format switch
    {
        ExportFormat.Csv => "text/csv; charset=utf-8; header=present",
        ExportFormat.Jsonl => "application/jsonl; charset=utf-8",
        _ => throw new InvalidOperationException($"No type for {Format}."),
    };

    /// <summary>A file name with the time in UTC, such as <c>audit-20261122T051523Z.csv</c>.</summary>
    public string FileName(DateTimeOffset now) =>
        $"audit-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.{(Format == ExportFormat.Csv ? "csv" : "jsonl")}";

    /// <summary>
    /// Writes all rows and then records <see cref="AuditKind.ExportFinished"/> with the SHA-256 of the bytes. Throws when the reader goes
    /// away or the record cannot be kept; the export then stays created and not finished.
    /// </summary>
    public async Task WriteAsync(Stream body, CancellationToken token)
    {
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(body, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            await (Format switch
            {
                ExportFormat.Csv => CsvRows.WriteAsync(rows.AsAsyncEnumerable(), hashed, token),
                ExportFormat.Jsonl => JsonLines.WriteAsync(rows.AsAsyncEnumerable(), hashed, token),
                _ => throw new InvalidOperationException($"No writer for {Format}."),
            });
            await hashed.FlushFinalBlockAsync(token);
        }

        var facts = Facts();
        facts["sha256"] = Convert.ToHexStringLower(hash.Hash!);
        await trail.RecordAloneAsync(actor, AuditKind.ExportFinished, facts);
    }

    /// <summary>Closes the snapshot.</summary>
    public ValueTask DisposeAsync() => db.DisposeAsync();

    internal Task RecordCreatedAsync(AuditFilter filter)
    {
        var facts = Facts();
        facts["filter"] = filter.WithoutPage.ToQuery();
        return trail.RecordAloneAsync(actor, AuditKind.ExportCreated, facts);
    }

    JsonObject Facts() => new() { ["export"] = Id.ToString(), ["format"] = Format.ToString(), ["rows"] = Rows };
}
