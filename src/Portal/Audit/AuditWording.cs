using Microsoft.Extensions.Localization;

namespace Portal.Audit;

/// <summary>A fact in words.</summary>
/// <param name="Text">The words.</param>
/// <param name="Code">What stands in the document, where people look that up too; else null.</param>
public sealed record AuditPhrase(string Text, string? Code = null);

/// <summary>
/// Says the facts of events in the reader's language. It depends on the document and on what it is given here, on nothing else.
/// </summary>
/// <param name="words">Every visible word.</param>
/// <param name="names">What people of these ids are called today: the trail keeps ids. Who is not in it is called by the id.</param>
public sealed class AuditWording(IStringLocalizer<Words> words, IReadOnlyDictionary<string, string> names)
{
    /// <summary>The line of an event in a list.</summary>
    public IEnumerable<AuditPhrase> Summary(AuditDocument document) => document.Summary().Select(fact => fact.Name switch
    {
        "person" => new AuditPhrase(Whom(document)!),
        "rows" => new AuditPhrase(fact.Text == "1" ? words["Audit.ExportRow", Format(document)] : words["Audit.ExportRows", Format(document), fact.Text]),
        "limit" => new AuditPhrase(words["Audit.TooOften", Say(document, fact) ?? fact.Text, document.Exactly("permits"), document.Exactly("seconds")]),
        // The exact check is what docs/sign-in-checks.md is searched for.
        "why" when document.Kind == AuditKind.SignInRefused => new AuditPhrase(Say(document, fact)!, fact.Text),
        _ => new AuditPhrase(Say(document, fact) ?? fact.Text),
    });

    /// <summary>The person whom it happened to, with the roles that they got and lost; null for events that concern nobody beside who did it.</summary>
    public string? Whom(AuditDocument document)
    {
        var id = document.Exactly("person");
        if (string.IsNullOrWhiteSpace(id))
        {
            return null;
        }

        var name = names.GetValueOrDefault(id, id);
        var changes = document.Kind == AuditKind.PersonRolesChanged ? Changes(document) : [];
        return changes.Count == 0 ? name : words["Audit.AboutPerson", name, string.Join(words["Audit.ListComma"], changes)].Value;
    }

    /// <summary>One fact in words; null where its own text is all that there is to say.</summary>
    public string? Say(AuditDocument document, AuditFact fact) => (document.Kind, fact.Name) switch
    {
        (_, "person" or "proposedBy") => names.GetValueOrDefault(fact.Text),
        (AuditKind.PersonRolesChanged, "before" or "after") => Roles(document.Texts(fact.Name)),
        (AuditKind.SignInRefused, "why") => words["Audit.Fault." + CauseOf(fact.Text)],
        (AuditKind.SessionEnded, "why") => Word("SessionEnd." + fact.Text),
        (AuditKind.AccessDenied, "why") => Word("Audit.Why." + fact.Text),
        (AuditKind.AccessDenied, "what") => Word("Audit.What." + fact.Text),
        (AuditKind.AccessLimited, "limit") => Word("Audit.Limit." + fact.Text),
        (AuditKind.RequestSubmitted, "kind") => Word("Kind." + fact.Text),
        (_, "note") => Word(fact.Text),
        (_, "action") => Word("Settle." + fact.Text),
        (_, "state") => Word("State." + fact.Text),
        (_, "itemState") => Word("ItemState." + fact.Text),
        (_, "attribution") => Word("Attribution." + fact.Text),
        _ => null,
    };

    // By name, because the trail also tells of checks that another version has. The sign-in page puts the same ones together; a test compares.
    static string CauseOf(string fault) => fault switch
    {
        "ProviderNotAvailable" or "MetadataIssuer" or "MetadataEndpoint" => "NotAvailable",
        "StateTooOld" or "StateUsed" or "AnotherBrowser" or "StateMissing" or "StateNotOurs" => "Again",
        "ProviderSaidNo" => "Provider",
        "IdTokenTenantNotAllowed" => "Tenant",
        "PersonShutOut" => "ShutOut",
        "GroupsLeftOut" => "Groups",
        _ => "Other",
    };

    static string Format(AuditDocument document) => document.Exactly("format").ToUpperInvariant();

    IReadOnlyList<string> Changes(AuditDocument document)
    {
        var (before, after) = (document.Texts("before"), document.Texts("after"));
        return
        [
            .. after.Except(before).Select(role => words["Audit.RoleGiven", Role(role)].Value),
            .. before.Except(after).Select(role => words["Audit.RoleTaken", Role(role)].Value),
        ];
    }

    string Roles(IReadOnlyList<string> roles) => roles.Count == 0 ? words["Role.None"] : string.Join(words["Audit.ListComma"], roles.Select(Role));

    string Role(string role) => Word("Role." + role) ?? role;

    string? Word(string key) => words[key] is { ResourceNotFound: false } word ? word.Value : null;
}
