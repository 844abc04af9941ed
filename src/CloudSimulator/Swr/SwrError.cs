using System.Globalization;
using CloudSimulator.Gateway;

namespace CloudSimulator.Swr;

/// <summary>The JSON shapes that SWR errors have been seen in (huawei-api 1.9).</summary>
enum SwrErrorShape
{
    /// <summary><c>[{"errorCode","errorMessage","detail"}]</c>, the documented one.</summary>
    A,

    /// <summary><c>{"errors":[{"errorCode","errorMessage"}]}</c>.</summary>
    B,

    /// <summary><c>{"errorCode","errorMessage"}</c>.</summary>
    C,
}

/// <summary>One SWR error (huawei-api 1.10). The first three digits of a real code's number are its HTTP status.</summary>
/// <param name="UsualShape">The shape in which it is known to arrive, unless the control API chose one for all.</param>
sealed record SwrError(int Status, string Code, string Message, SwrErrorShape UsualShape = SwrErrorShape.A)
{
    public static readonly SwrError AuthenticationFailed = Of("4010000", "Authentication failed, the token may have expired");
    public static readonly SwrError NamespaceInvalid = Of("4001028", "The organization name is invalid");
    public static readonly SwrError RepositoryInvalid = Of("4001029", "The image name is invalid");
    public static readonly SwrError FieldMissing = Of("4001014", "A mandatory parameter is missing");
    public static readonly SwrError BodyType = Of("4001018", "The request body type is wrong");
    public static readonly SwrError ParameterInvalid = Of("4000014", "Bad parameter");
    public static readonly SwrError FilterInvalid = Of("4001035", "The filter is invalid");
    public static readonly SwrError OrderColumn = Of("4001096", "order column error");
    public static readonly SwrError NamespaceMissing = Of("4041061", "The organization does not exist");
    public static readonly SwrError RepositoryMissing = Of("4040010", "The image does not exist");
    public static readonly SwrError NotPermitted = Of("4039002", "The operation is not permitted");
    public static readonly SwrError RegionUnknown = Of("5001101", "Internal error");
    public static readonly SwrError RuleMissing = Of("4001158", "The sync repo does not exist") with { UsualShape = SwrErrorShape.B };

    /// <summary>Code and status of the real error are not established: the code is visibly invented (huawei-api 1.2).</summary>
    public static SwrError Duplicate(int status) => new(status, "SIM.SWR.DUPLICATE", "duplicate sync repo");

    /// <summary>A bound of the simulator's memory, not of the cloud.</summary>
    public static readonly SwrError TooMany = new(400, "SIM.SWR.LIMIT", "The simulator keeps no more of these");

    public IResult AnswerIn(SwrErrorShape shape) => CloudJson.Answer(Body(shape), Status);

    public object Body(SwrErrorShape shape) => shape switch
    {
        SwrErrorShape.A => new[] { new { errorCode = Code, errorMessage = Message, detail = "" } },
        SwrErrorShape.B => new { errors = new[] { new { errorCode = Code, errorMessage = Message } } },
        SwrErrorShape.C => new { errorCode = Code, errorMessage = Message },
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    static SwrError Of(string number, string message) =>
        new(int.Parse(number.AsSpan(0, 3), CultureInfo.InvariantCulture), $"SVCSTG.SWR.{number}", message);
}

/// <summary>What the control API may switch about SWR's errors: one shape for all, and the status of a duplicate rule.</summary>
sealed class SwrErrorSwitches
{
    public const int UsualDuplicateStatus = 400;

    /// <summary>Null: every error in its usual shape.</summary>
    public SwrErrorShape? Shape { get; set; }

    public int DuplicateStatus { get; set; } = UsualDuplicateStatus;

    public IResult Answer(SwrError error) => error.AnswerIn(Shape ?? error.UsualShape);

    public void Reset() => (Shape, DuplicateStatus) = (null, UsualDuplicateStatus);
}
