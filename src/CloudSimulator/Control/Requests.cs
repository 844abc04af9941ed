using System.Text.Json.Serialization;

namespace CloudSimulator.Control;

/// <summary>Moves the simulated time on.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record AdvanceRequest(double Seconds);

/// <summary>Changes how long jobs and mirror runs take; what is null stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record PaceRequest(double? JobSeconds, double? MirrorSeconds);

/// <param name="Shape"><c>a</c>, <c>b</c>, <c>c</c>, or <c>usual</c> for each error in its own.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record ShapeRequest(string Shape);

/// <param name="Status">400 or 409.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record DuplicateRequest(int Status);

/// <summary>Somebody pushes an image.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record PushRequest(string Region, string Namespace, string Repository, string Tag);

/// <summary>How the next run of a mirror goes.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record MirrorRequest(bool Fail = false, string? Error = null, double? DelaySeconds = null);

/// <summary>Many more targets than the sample data has, for tests with thousands of calls.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record BulkRequest(int Images = 0, int Mirrors = 0);
