using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Portal.Requests;
using Portal.Tests.Support;

namespace Portal.Tests.Requests;

/// <summary>One key a day, the same on all nodes, for its owner alone, and gone for good when it is destroyed.</summary>
public sealed class DayKeysTests : IDisposable
{
    static readonly DateOnly Day = new(2026, 3, 1);

    readonly TestFolder folder = new();

    [Fact]
    public void Nodes_that_make_a_days_key_at_the_same_moment_all_have_the_same_one()
    {
        for (var round = 0; round < 50; round++)
        {
            var day = Day.AddDays(round);
            ConcurrentBag<string> found = [];
            using var together = new Barrier(8);
            var nodes = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
            {
                var keys = Keys();
                together.SignalAndWait();
                found.Add(Convert.ToHexString(keys.ForSealing(day)));
            })).ToList();
            nodes.ForEach(node => node.Start());
            nodes.ForEach(node => node.Join());

            Assert.Equal(8, found.Count);
            Assert.Single(found.Distinct());
            Assert.Equal(found.First(), Convert.ToHexString(Keys().Find(day)!));
        }

        // A link and what it leads to, for each day; nothing of those who came second.
        Assert.Equal(100, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Key_is_32_bytes_that_only_its_owner_may_read_and_another_one_each_day()
    {
        var (first, second) = (Keys().ForSealing(Day), Keys().ForSealing(Day.AddDays(1)));

        Assert.Equal((32, 32), (first.Length, second.Length));
        Assert.NotEqual(first, second);
        Assert.Equal(first, Keys().ForSealing(Day));
        Assert.All(
            Directory.GetFiles(folder.Path).Select(file => new FileInfo(file)).Where(file => file.LinkTarget is null),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    [Fact]
    public void Folder_that_is_made_is_for_its_owner_alone()
    {
        var inside = Path.Combine(folder.Path, "keys");

        Keys(inside).ForSealing(Day);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(inside).UnixFileMode);
    }

    [Fact]
    public void Destroying_overwrites_the_bytes_and_takes_only_the_days_before()
    {
        Keys().ForSealing(Day);
        Keys().ForSealing(Day.AddDays(1));
        File.WriteAllText(Path.Combine(folder.Path, "README"), "not a key");
        var content = new FileInfo(Path.Combine(folder.Path, $"{Day:O}.key")).ResolveLinkTarget(true)!.FullName;
        // Whoever still has the file open sees what became of its bytes.
        using var open = new FileStream(content, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        Assert.Equal([Day], Keys().DestroyBefore(Day.AddDays(1)));

        var left = new byte[32];
        open.ReadExactly(left);
        Assert.Equal(new byte[32], left);
        Assert.Null(Keys().Find(Day));
        Assert.NotNull(Keys().Find(Day.AddDays(1)));
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Key_file_that_is_not_whole_opens_nothing()
    {
        Keys().ForSealing(Day);
        File.WriteAllBytes(new FileInfo(Path.Combine(folder.Path, $"{Day:O}.key")).ResolveLinkTarget(true)!.FullName, [1, 2]);

        Assert.Null(Keys().Find(Day));
    }

    [Fact]
    public void Without_a_folder_the_keys_are_the_processs_own()
    {
        var (one, other) = (Keys(""), Keys(""));
        var key = one.ForSealing(Day);

        Assert.Equal(key, one.Find(Day));
        Assert.Null(other.Find(Day));
        Assert.Equal([Day], one.DestroyBefore(Day.AddDays(1)));
        Assert.Null(one.Find(Day));
    }

    public void Dispose() => folder.Dispose();

    DayKeys Keys(string? path = null) => new(Options.Create(new RequestsOptions { DayKeyFolder = path ?? folder.Path }));
}
