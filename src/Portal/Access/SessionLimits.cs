using System.ComponentModel.DataAnnotations;

namespace Portal.Access;

/// <summary>Settings of the section <c>Sessions</c>: how long a sign-in holds (OWASP ASVS 5.0, 7.1).</summary>
public sealed class SessionLimits
{
    /// <summary>After so many minutes without a click or a key, the person signs in again.</summary>
    [Range(1, 24 * 60, ErrorMessage = "Sessions:IdleMinutes must be between 1 and 1440.")]
    public int IdleMinutes { get; init; } = 30;

    /// <summary>After so many hours everybody signs in again, whatever they did.</summary>
    [Range(1, 24, ErrorMessage = "Sessions:LongestHours must be between 1 and 24.")]
    public int LongestHours { get; init; } = 8;

    /// <summary>How many sign-ins one person may have at once; one more ends the oldest.</summary>
    [Range(1, 100, ErrorMessage = "Sessions:PerPerson must be between 1 and 100.")]
    public int PerPerson { get; init; } = 5;

    /// <summary>How often an open page on which nobody clicks looks whether its sign-in still holds, in seconds.</summary>
    [Range(1, 60, ErrorMessage = "Sessions:LookAgainSeconds must be between 1 and 60.")]
    public int LookAgainSeconds { get; init; } = 30;

    /// <summary><see cref="IdleMinutes"/> as a time.</summary>
    public TimeSpan Idle => TimeSpan.FromMinutes(IdleMinutes);

    /// <summary><see cref="LongestHours"/> as a time.</summary>
    public TimeSpan Longest => TimeSpan.FromHours(LongestHours);
}
