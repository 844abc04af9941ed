namespace Portal.Tests.Access.Matrix;

/// <summary>The sentences of the document.</summary>
static class Preface
{
    public const string Text =
        """
        # Who may do what

        This page is written by a test and compared with what really happens: `tests/Portal.Tests/Access/Matrix` calls every public method that takes an actor, asks every address of the running
        portal and opens every page, for each role alone, for nobody and for somebody without a role. A method or an address that is not here fails the test. The one place to change a permission is
        `src/Portal/Access/Permissions.cs`; people who have several roles may what any of them may.

        """;

    public const string Services =
        """
        `whose` is the object that it is tried on: the actor's own request, sign-in or person, or somebody else's. *yes*: it is done. *no*: refused, naming the permission. *not found*: it looks as if there were
        no such thing. *not oneself*, *only who asked*: refused by a rule that no role lifts. *own*, *others'*, *all*, *nothing*: what a list shows. A star says that the refusal is in the trail (`access.denied`).
        *nobody* is somebody whom the portal does not know.

        """ + "\n";

    public const string Pages =
        """
        What a page shows in the browser of each; requests, events and people on them are somebody else's. *no*: it says which roles may, and who gives them. *to sign-in*: the sign-in page comes first.
        A number is the HTTP status of a page without anything behind it.

        """ + "\n";

    public const string Addresses =
        """
        The HTTP status of the answer to a request without a body, from a browser with that sign-in. 400 means that the form or its token was missing, which is looked for first.

        """ + "\n";

    public const string NoPerson =
        """
        Public methods of what the container holds that take no actor.

        """ + "\n";
}
