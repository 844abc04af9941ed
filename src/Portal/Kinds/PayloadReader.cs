using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Huawei;

namespace Portal.Kinds;

/// <summary>
/// Reads the fields of a payload one by one and collects what is wrong with each, so that a person sees all problems at once.
/// Takes any JSON: a wrong type is a problem at its field, not a fault.
/// </summary>
public sealed class PayloadReader(JsonObject input)
{
    readonly List<FieldProblem> problems = [];
    readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Problems so far, in the order of reading.</summary>
    public IReadOnlyList<FieldProblem> Problems => problems;

    /// <summary>A required text that matches a pattern; <paramref name="wordKey"/> is the sentence when it does not.</summary>
    public string Text(string field, Regex pattern, int longest, string wordKey)
    {
        var value = TextOrNull(field);
        if (string.IsNullOrEmpty(value))
        {
            return Refuse(field, "Field.Required", "");
        }

        // The length first: a pattern need not look at a megabyte.
        if (value.Length > longest)
        {
            return Refuse(field, "Field.TooLong", "", longest, value.Length);
        }

        return pattern.IsMatch(value) ? value : Refuse(field, wordKey, "");
    }

    /// <summary>A text that may be left out; null when empty.</summary>
    public string? OptionalText(string field, Regex pattern, int longest, string wordKey) =>
        string.IsNullOrEmpty(TextOrNull(field)) ? null : Text(field, pattern, longest, wordKey);

    /// <summary>One of a list of values.</summary>
    public string Choice(string field, IReadOnlyCollection<string> allowed, string wordKey)
    {
        var value = TextOrNull(field);
        if (string.IsNullOrEmpty(value))
        {
            return Refuse(field, "Field.Required", "");
        }

        return allowed.Contains(value) ? value : Refuse(field, wordKey, "", Shorten(value), string.Join(", ", allowed));
    }

    /// <summary>A whole number in a range. Digits in a text are taken too: that is what a form sends.</summary>
    public int Number(string field, int least, int most, string wordKey)
    {
        known.Add(field);
        switch (input[field])
        {
            case null:
                return Refuse(field, "Field.Required", 0);
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                // By its text: a number made in code answers to its own type only.
                return long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most ? (int)number : Refuse(field, wordKey, 0, least, most);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                // Pasted from a page, a number often brings a blank along.
                var text = TextOf(value).Trim();
                if (text.Length == 0)
                {
                    return Refuse(field, "Field.Required", 0);
                }

                var digits = text.Length <= 10 && text.All(char.IsAsciiDigit) && text[0] != '0';
                return digits && long.Parse(text, CultureInfo.InvariantCulture) is var parsed && parsed >= least && parsed <= most
                    ? (int)parsed
                    : Refuse(field, wordKey, 0, least, most);
            default:
                return Refuse(field, wordKey, 0, least, most);
        }
    }

    /// <summary>
    /// A list of different texts that match a pattern. The sentences: <paramref name="countKey"/> when there are too few or too many,
    /// <paramref name="wordKey"/> when one does not match.
    /// </summary>
    public IReadOnlyList<string> Texts(string field, Regex pattern, int longest, int most, string countKey, string wordKey)
    {
        known.Add(field);
        if (input[field] is null or JsonArray { Count: 0 })
        {
            return Refuse<IReadOnlyList<string>>(field, "Field.Required", []);
        }

        if (input[field] is not JsonArray list)
        {
            return Refuse<IReadOnlyList<string>>(field, "Field.NotAList", []);
        }

        if (list.Count > most)
        {
            return Refuse<IReadOnlyList<string>>(field, countKey, [], most, list.Count);
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var node in list)
        {
            if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
            {
                return Refuse<IReadOnlyList<string>>(field, "Field.NotAList", []);
            }

            var text = TextOf(value);
            if (text.Length > longest || !pattern.IsMatch(text))
            {
                return Refuse<IReadOnlyList<string>>(field, wordKey, [], Shorten(text));
            }

            if (!seen.Add(text))
            {
                return Refuse<IReadOnlyList<string>>(field, "Field.Twice", [], text);
            }
        }

        return [.. list.Select(node => node!.GetValue<string>())];
    }

    /// <summary>Yes or no; no when left out.</summary>
    public bool Flag(string field)
    {
        known.Add(field);
        return input[field] switch
        {
            null => false,
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            _ => Refuse(field, "Field.NotAFlag", false),
        };
    }

    /// <summary>Adds a problem that concerns more than one field, at the field where it is best corrected.</summary>
    public void Problem(string field, string wordKey, params object[] arguments) => problems.Add(new FieldProblem(field, wordKey, arguments));

    /// <summary>Ends the reading: fields nobody asked for are refused too, because an approver would not see them.</summary>
    public PayloadReading Done(JsonObject payload)
    {
        foreach (var (name, _) in input.Where(member => !known.Contains(member.Key)))
        {
            problems.Add(new FieldProblem(Shorten(name), "Field.Unknown", Shorten(name)));
        }

        return new PayloadReading(problems.Count == 0 ? payload : null, problems);
    }

    string? TextOrNull(string field)
    {
        known.Add(field);
        return input[field] switch
        {
            null => null,
            JsonValue value when value.GetValueKind() == JsonValueKind.String => TextOf(value),
            _ => Refuse<string?>(field, "Field.NotAText", "\0"),
        };
    }

    T Refuse<T>(string field, string wordKey, T instead, params object[] arguments)
    {
        // One problem a field is enough: the first one is the one to correct.
        if (problems.TrueForAll(problem => problem.Field != field))
        {
            problems.Add(new FieldProblem(field, wordKey, arguments));
        }

        return instead;
    }

    // JSON can hold half of a surrogate pair, .NET reads no text out of that: the replacement character matches no pattern.
    static string TextOf(JsonValue value)
    {
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            return "\ufffd";
        }
    }

    static string Shorten(string value) => value.Length <= 60 ? value : Redaction.Cut(value, 60) + "…";
}
