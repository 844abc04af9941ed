using Portal.Access;

namespace Portal.People;

/// <summary>One line of the list of people.</summary>
/// <param name="Person">Who it is, and what they are.</param>
/// <param name="SignIns">How many sign-ins of theirs hold now.</param>
public sealed record PersonRow(Person Person, int SignIns);

/// <summary>One sign-in that holds.</summary>
/// <param name="Id">Stands in the trail too.</param>
/// <param name="BeganAt">When the person signed in.</param>
/// <param name="SeenAt">When they did something last, to a minute.</param>
/// <param name="EndsAt">When it ends whatever happens.</param>
/// <param name="Address">Network address of the browser at the sign-in.</param>
/// <param name="Agent">What the browser calls itself.</param>
/// <param name="IsThis">True for the sign-in under which somebody asks.</param>
public sealed record SignInRow(Guid Id, DateTimeOffset BeganAt, DateTimeOffset SeenAt, DateTimeOffset EndsAt, string? Address, string? Agent, bool IsThis);

/// <summary>One person with the sign-ins that hold, the newest first.</summary>
public sealed record PersonDetail(Person Person, IReadOnlyList<SignInRow> SignIns);
