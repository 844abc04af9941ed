using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Controls;
using Radzen;

namespace Portal.People;

/// <summary>One person: what they may do and why, their sign-ins, and whether they may come in. The id may hold any sign, so it is no part of the path.</summary>
public sealed partial class PersonPage
{
    Actor? actor;
    PersonDetail? detail;
    Refusal? refusal;
    string? done;
    bool busy;
    HashSet<Role> shown = [];
    HashSet<Role> wanted = [];

    /// <summary>Whose page it is, from the address.</summary>
    [SupplyParameterFromQuery(Name = "id")]
    public string? Id { get; set; }

    [Inject] public required CurrentActor Current { get; init; }

    [Inject] public required PeopleService People { get; init; }

    [Inject] public required SignInService SignIns { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required IStringLocalizer<Words> Words { get; init; }

    bool IsOneself => detail!.Person.Id == actor!.Id;

    bool IsEdited => !wanted.SetEquals(shown);

    /// <summary>The address of a person's page.</summary>
    public static string Link(string id) => "/people/person?id=" + Uri.EscapeDataString(id);

    /// <inheritdoc />
    protected override async Task LoadAsync(CancellationToken token)
    {
        var person = await Current.GetAsync();
        if (actor is not null && !person.May(Permission.ManagePeople))
        {
            // The first try is in the trail; that the page looks again by itself is none.
            (actor, detail) = (person, null);
            return;
        }

        var outcome = await People.FindAsync(Id ?? "", person, token);
        var isOther = detail?.Person.Id != Id;
        detail = outcome.IsDone ? outcome.Value : null;
        // What somebody is about to change stays as they see it: saving tells them when it is not so any more.
        if (detail is not null && (isOther || !IsEdited))
        {
            Show(detail.Person);
        }

        actor = person;
    }

    void Show(Person person) => (shown, wanted) = ([.. person.GivenByHand], [.. person.GivenByHand]);

    string HintOf(Person person, Role role)
    {
        var about = Words["Role." + role + ".About"].Value;
        return person.GivenByProvider.Contains(role) ? Words[Personas.Is(person.Id) ? "People.PersonaHasAnyway" : "People.HasAnyway", about] : about;
    }

    void Want(Role role, bool on)
    {
        _ = on ? wanted.Add(role) : wanted.Remove(role);
        done = null;
    }

    Task SaveAsync() => ChangeAsync(
        async person =>
        {
            var outcome = await People.ChangeRolesAsync(Id!, shown, wanted, person, CancellationToken.None);
            // Also after a refusal: what is there now is what the next attempt has to begin with.
            shown = wanted;
            return outcome.Refusal;
        },
        Words["People.Saved"]);

    async Task ShutOutAsync()
    {
        await ConfirmDialog.AskAsync(
            Dialogs, Words["People.ShutOutQuestionTitle", detail!.Person.Name], Words["People.ShutOutQuestion"], Words["People.DoShutOut"],
            async comment => (await People.ShutOutAsync(Id!, comment, await Current.GetAsync(), CancellationToken.None)).Refusal,
            danger: true, Words["Confirm.Reason"]);
        (refusal, done) = (null, null);
        await ReloadAsync();
    }

    Task LetInAsync() => ChangeAsync(async person => (await People.LetInAsync(Id!, person, CancellationToken.None)).Refusal, Words["People.LetInDone"]);

    Task EndAsync(Guid session) => ChangeAsync(async person => (await SignIns.EndAsync(session, person, CancellationToken.None)).Refusal, Words["SignIns.Ended"]);

    Task EndAllAsync() => ChangeAsync(async person => (await SignIns.EndOthersAsync(Id!, person, CancellationToken.None)).Refusal, Words["SignIns.Ended"]);

    async Task ChangeAsync(Func<Actor, Task<Refusal?>> change, string? words)
    {
        if (busy)
        {
            return;
        }

        busy = true;
        try
        {
            refusal = await change(await Current.GetAsync());
            done = refusal is null ? words : null;
            await ReloadAsync();
        }
        finally
        {
            busy = false;
        }
    }
}
