using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Portal.Audit;

/// <summary>
/// What somebody looks for in the trail, as they typed it: lives in the address of the audit page, of its exports and of a shared link.
/// Nothing in it is trusted; <see cref="AuditCriteria"/> reads it.
/// </summary>
public sealed record AuditFilter
{
    /// <summary>Words, each of which stands somewhere in the event. Query name <c>q</c>.</summary>
    public string Text { get; init; } = "";

    /// <summary>Part of a person's name or id.</summary>
    public string Person { get; init; } = "";

    /// <summary>Kinds of event, separated by commas; <c>dispatch.*</c> is a whole family.</summary>
    public string Event { get; init; } = "";

    /// <summary>An HTTP status such as <c>404</c>, or a class such as <c>4xx</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>A whole <c>jid</c>.</summary>
    public string Jid { get; init; } = "";

    /// <summary>First day in UTC, <c>yyyy-MM-dd</c>.</summary>
    public string From { get; init; } = "";

    /// <summary>Last day in UTC, included.</summary>
    public string To { get; init; } = "";

    /// <summary>Page of the list, from 1. Exports have no pages.</summary>
    public int Page { get; init; } = 1;

    /// <summary>
    /// The newest event when the list was opened. Later pages count from there, so that rows which come meanwhile push nothing
    /// from one page to the next.
    /// </summary>
    public Guid? UpTo { get; init; }

    /// <summary>The same search without a place in the list: what an export takes, and where a new search begins.</summary>
    public AuditFilter WithoutPage => this with { Page = 1, UpTo = null };

    /// <summary>True when nothing is asked for: everything is shown.</summary>
    public bool IsEmpty => WithoutPage == new AuditFilter();

    /// <summary>Reads a query string, with or without its question mark. Names it does not know are left out; it never throws.</summary>
    public static AuditFilter Parse(string? query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string Of(string name) => values.TryGetValue(name, out var found) ? Joined(found) : "";
        return new AuditFilter
        {
            Text = Of("q"),
            Person = Of("person"),
            Event = Of("event"),
            Status = Of("status"),
            Jid = Of("jid"),
            From = Of("from"),
            To = Of("to"),
            Page = int.TryParse(Of("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1,
            UpTo = Guid.TryParseExact(Of("upto"), "D", out var upTo) ? upTo : null,
        };
    }

    // A name that is given twice is two wishes for kinds, and a mistake elsewhere: joined, it shows at its field.
    static string Joined(StringValues values) => string.Join(',', values.Where(value => !string.IsNullOrEmpty(value)));

    /// <summary>The query string with its question mark, or empty text when there is nothing to say.</summary>
    public string ToQuery()
    {
        (string Name, string Value)[] all =
        [
            ("q", Text), ("person", Person), ("event", Event), ("status", Status), ("jid", Jid), ("from", From), ("to", To),
            ("page", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : ""), ("upto", UpTo?.ToString() ?? ""),
        ];
        var parts = all.Where(part => part.Value.Length > 0).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}").ToArray();
        return parts.Length == 0 ? "" : "?" + string.Join('&', parts);
    }
}
