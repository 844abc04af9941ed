using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Database;

namespace Portal.Audit;

/// <summary>What is wrong with one field of an <see cref="AuditFilter"/>: the field's property name, and the words to show there.</summary>
public sealed record AuditProblem(string Field, string WordKey, params object[] Arguments);

/// <summary>A filter that was read and found good: which rows it means.</summary>
public sealed record AuditCriteria
{
    /// <summary>Longest text in one field, in UTF-16 units.</summary>
    public const int Longest = 200;

    /// <summary>The years whose days can be asked for: the last day that a calendar knows has no day after it to end before.</summary>
    public const int FirstYear = 1;

    /// <inheritdoc cref="FirstYear"/>
    public const int LastYear = 9998;

    string[] Words { get; init; } = [];

    string Person { get; init; } = "";

    string[] Kinds { get; init; } = [];

    (int First, int Last)? Status { get; init; }

    string Jid { get; init; } = "";

    DateTimeOffset? From { get; init; }

    DateTimeOffset? Before { get; init; }

    /// <summary>
    /// Reads a filter. With any problem there are no criteria: a bad filter matches nothing, because a list or an export
    /// that quietly left a condition out would be taken for the whole truth.
    /// </summary>
    public static (AuditCriteria? Criteria, IReadOnlyList<AuditProblem> Problems) Read(AuditFilter filter)
    {
        var problems = new List<AuditProblem>();
        foreach (var (field, value) in Fields(filter))
        {
            if (value.Length > Longest && field != nameof(AuditFilter.Event))
            {
                problems.Add(new(field, "Audit.ProblemTooLong", Longest));
            }
            else if (!IsText(value))
            {
                problems.Add(new(field, "Audit.ProblemCharacters"));
            }
        }

        var from = Day(nameof(AuditFilter.From), filter.From, problems);
        var to = Day(nameof(AuditFilter.To), filter.To, problems);
        if (from > to)
        {
            problems.Add(new(nameof(AuditFilter.To), "Audit.ProblemOrder"));
        }

        var criteria = new AuditCriteria
        {
            Words = filter.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            Person = filter.Person.Trim(),
            Kinds = KindsOf(filter.Event, problems),
            Status = StatusOf(filter.Status.Trim(), problems),
            Jid = filter.Jid.Trim(),
            From = from is null ? null : Midnight(from.Value),
            Before = to is null ? null : Midnight(to.Value.AddDays(1)),
        };
        return problems.Count == 0 ? (criteria, problems) : (null, problems);
    }

    /// <summary>The rows that are meant, in no order yet.</summary>
    public IQueryable<AuditEvent> Of(PortalDb db)
    {
        IQueryable<AuditEvent> rows = db.Events;
        foreach (var word in Words)
        {
            rows = Guid.TryParseExact(word, "D", out var id) ? WithId(db, rows, id)
                : word[0] == '#' && int.TryParse(word[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? WithNumber(db, rows, number)
                : WithText(rows, word);
        }

        if (Person.Length > 0)
        {
            var pattern = $"%{LikePattern.Escape(Person)}%";
            rows = rows.Where(row => EF.Functions.ILike(row.ActorName, pattern, LikePattern.EscapeCharacter)
                || EF.Functions.ILike(row.ActorId, pattern, LikePattern.EscapeCharacter));
        }

        if (Kinds.Length > 0)
        {
            rows = rows.Where(row => Kinds.Contains(row.Kind));
        }

        if (Status is { } status)
        {
            rows = rows.Where(row => row.HttpStatus >= status.First && row.HttpStatus <= status.Last);
        }

        if (Jid.Length > 0)
        {
            rows = rows.Where(row => row.Jid == Jid);
        }

        if (From is { } from)
        {
            rows = rows.Where(row => row.At >= from);
        }

        return Before is { } before ? rows.Where(row => row.At < before) : rows;
    }

    // Ids are no words: the id of an item or of an exchange stands for the request that it belongs to.
    static IQueryable<AuditEvent> WithId(PortalDb db, IQueryable<AuditEvent> rows, Guid id) => rows.Where(row =>
        row.Id == id || row.RequestId == id
        || row.RequestId == db.Items.Where(item => item.Id == id).Select(item => (Guid?)item.RequestId).FirstOrDefault()
        || row.RequestId == db.Attempts.Where(attempt => attempt.Id == id).Select(attempt => (Guid?)attempt.RequestId).FirstOrDefault());

    static IQueryable<AuditEvent> WithNumber(PortalDb db, IQueryable<AuditEvent> rows, int number) => rows.Where(row =>
        row.RequestId == db.Requests.Where(request => request.Number == number).Select(request => (Guid?)request.Id).FirstOrDefault());

    static IQueryable<AuditEvent> WithText(IQueryable<AuditEvent> rows, string word)
    {
        var pattern = $"%{LikePattern.Escape(AsInJson(word))}%";
        return rows.Where(row => EF.Functions.ILike(AuditText.Of(row.Doc), pattern, LikePattern.EscapeCharacter));
    }

    static (string Field, string Value)[] Fields(AuditFilter filter) =>
    [
        (nameof(filter.Text), filter.Text), (nameof(filter.Person), filter.Person), (nameof(filter.Event), filter.Event), (nameof(filter.Status), filter.Status),
        (nameof(filter.Jid), filter.Jid), (nameof(filter.From), filter.From), (nameof(filter.To), filter.To),
    ];

    // Inside a JSON text these two stand escaped; control characters, the other case, are no search text.
    static string AsInJson(string word) =>
        word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    // PostgreSQL holds neither NUL nor half of a surrogate pair, so no row can have them either.
    static bool IsText(string value) =>
        !value.Any(letter => char.IsControl(letter) && !char.IsWhiteSpace(letter)) && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)) == value;

    static string[] KindsOf(string value, List<AuditProblem> problems)
    {
        var names = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = names.Select(name => (Name: name, Kinds: AuditKind.All.Where(kind => Means(name, kind)).ToArray())).ToArray();
        foreach (var (name, _) in found.Where(each => each.Kinds.Length == 0).Take(1))
        {
            problems.Add(new(nameof(AuditFilter.Event), "Audit.ProblemEvent", name.Length > 40 ? name[..40] + "…" : name));
        }

        if (names.Length == 0 && !string.IsNullOrWhiteSpace(value))
        {
            problems.Add(new(nameof(AuditFilter.Event), "Audit.ProblemEvent", value.Trim()));
        }

        return [.. found.SelectMany(each => each.Kinds).Distinct()];
    }

    static bool Means(string name, string kind) =>
        name == kind || (name.EndsWith(".*", StringComparison.Ordinal) && kind.StartsWith(name[..^1], StringComparison.Ordinal));

    static (int First, int Last)? StatusOf(string value, List<AuditProblem> problems)
    {
        if (value.Length == 0)
        {
            return null;
        }

        if (value.Length == 3 && value[0] is >= '1' and <= '5')
        {
            if (value[1..] is "xx" or "XX")
            {
                return ((value[0] - '0') * 100, ((value[0] - '0') * 100) + 99);
            }

            if (char.IsAsciiDigit(value[1]) && char.IsAsciiDigit(value[2]))
            {
                var status = int.Parse(value, CultureInfo.InvariantCulture);
                return (status, status);
            }
        }

        problems.Add(new(nameof(AuditFilter.Status), "Audit.ProblemStatus"));
        return null;
    }

    static DateOnly? Day(string field, string value, List<AuditProblem> problems)
    {
        var text = value.Trim();
        if (text.Length == 0)
        {
            return null;
        }

        if (IsOutside(text))
        {
            problems.Add(new(field, "Audit.ProblemYear", FirstYear, LastYear));
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        problems.Add(new(field, "Audit.ProblemDay"));
        return null;
    }

    // Written as a day, also with the five or six digits that a date field of a browser takes.
    static bool IsOutside(string text) =>
        text.Length >= 10 && text[^3] == '-' && text[^6] == '-'
        && int.TryParse(text[..^6], NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is < FirstYear or > LastYear;

    static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
